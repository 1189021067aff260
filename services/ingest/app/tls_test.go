package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/certtest"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

const month = 30 * 24 * time.Hour

// secured is ingest that serves HTTPS itself, and asks its senders for certificates.
type secured struct {
	*process
	t             *testing.T
	ours, senders *certtest.Authority
	dir           string
	client        *stream.Client
	names         topic.Names
}

func startSecured(t *testing.T, change ...func(*config.Config)) *secured {
	t.Helper()
	brokers, _ := kafkatest.Brokers(t)
	s := &secured{t: t, ours: certtest.New(t), senders: certtest.New(t), dir: t.TempDir(), client: kafkatest.Client(t), names: kafkatest.Names(t)}
	kafkatest.Create(t, s.client, s.names, 3, "shop")
	cfg := testConfig(t, brokers, s.names.Prefix)
	cfg.Ingest.Deadline = 30 * time.Second
	cfg.Ingest.TLS.CertFile, cfg.Ingest.TLS.KeyFile = s.ours.Server(t, month).Write(t, s.dir, "server")
	cfg.Ingest.TLS.ClientCAFile = filepath.Join(s.dir, "senders.pem")
	certtest.Put(t, cfg.Ingest.TLS.ClientCAFile, s.senders.PEM)
	backend := cfg.Sources["backend"]
	backend.Certificates = []string{"backend.example.com"}
	cfg.Sources["backend"] = backend
	cfg.Sources["crm"] = config.Source{Channel: "crm", Format: "stages", Dataset: "shop", Certificates: []string{"spiffe://shop/crm"}}
	for _, c := range change {
		c(cfg)
	}
	s.process = start(t, cfg)
	s.public = strings.Replace(s.public, "http://", "https://", 1)
	s.ready(t, http.StatusOK)
	return s
}

// sender is a client that shows a certificate; nil: none.
func (s *secured) sender(shown *certtest.Issued) *http.Client {
	s.t.Helper()
	own := &tls.Config{RootCAs: s.ours.Pool()}
	if shown != nil {
		pair := shown.Pair(s.t)
		own.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: own, ForceAttemptHTTP2: true}, Timeout: time.Minute}
	s.t.Cleanup(c.CloseIdleConnections)
	return c
}

// post returns the status; 0: no connection, with its error.
func (s *secured) post(c *http.Client, path, body, secret string) (int, *http.Response, error) {
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.public+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	resp, err := c.Do(r)
	if err != nil {
		return 0, nil, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp, errors.Join(err, resp.Body.Close())
}

// TestCertificates: a sender's certificate proves its source, and nothing else does without a secret; who shows none is asked for a
// secret as ever.
func TestCertificates(t *testing.T) {
	s := startSecured(t)
	backend := s.senders.Client(t, month, "x", "backend.example.com")
	crm := s.senders.Client(t, month, "backend.example.com", "spiffe://shop/crm") // its common name does not count
	stranger := s.senders.Client(t, month, "stranger")
	expired := s.senders.Client(t, -time.Hour, "x", "backend.example.com")
	other := certtest.New(t).Client(t, month, "x", "backend.example.com")
	event := `{"data":[{"event_name":"Lead"}]}`
	const ours = "/v1/sources/backend"
	for _, c := range []struct {
		name   string
		shown  *certtest.Issued
		path   string
		secret string
		want   int // 0: no connection
	}{
		{"right", &backend, ours, "", http.StatusAccepted},
		{"right, at the channel's route", &backend, "/v1/website/events", "", http.StatusAccepted},
		{"right, and the right secret", &backend, ours, "EAAtestToken", http.StatusAccepted},
		{"right, and a wrong secret", &backend, ours, "wrong", http.StatusUnauthorized},
		{"right, and a wrong secret in the body", &backend, "/v1/website/events?x=", "", http.StatusUnauthorized},
		{"another source's", &crm, ours, "", http.StatusUnauthorized},
		{"nobody's", &stranger, ours, "", http.StatusUnauthorized},
		{"nobody's, and the right secret", &stranger, ours, "EAAtestToken", http.StatusAccepted},
		{"for a source that it is not of", &backend, "/v1/sources/crm", "", http.StatusUnauthorized},
		{"expired", &expired, ours, "", 0},
		{"expired, and the right secret", &expired, ours, "EAAtestToken", 0},
		{"another authority's", &other, ours, "", 0},
		{"none", nil, ours, "", http.StatusUnauthorized},
		{"none, and the right secret", nil, ours, "EAAtestToken", http.StatusAccepted},
	} {
		body := event
		if strings.HasSuffix(c.path, "?x=") {
			body = `{"data":[{"event_name":"Lead"}],"access_token":"wrong"}`
		}
		status, resp, err := s.post(s.sender(c.shown), c.path, body, c.secret)
		if status != c.want || (err != nil) != (c.want == 0) {
			t.Errorf("%s: %d, want %d (%v)", c.name, status, c.want, err)
		}
		if resp != nil && resp.ProtoMajor != 1 {
			t.Errorf("%s: answered over %s", c.name, resp.Proto)
		}
	}
	if status, _, err := s.post(s.sender(&crm), "/v1/crm/stages", `{"lead_id":"1234567890123456","stage":"won","event_time":1790000000}`, ""); status != http.StatusAccepted {
		t.Errorf("a source without secrets: %d %v", status, err)
	}
	s.shows(t,
		`omnicapi_ingest_events_total{channel="website",format="capi",result="accepted",source="backend",trust="proven"} 5`,
		`omnicapi_ingest_events_total{channel="crm",format="stages",result="accepted",source="crm",trust="proven"} 1`,
		`omnicapi_ingest_denied_requests_total{format="capi",reason="wrong_certificate"} 2`,
		"omnicapi_ingest_certificate_expires_seconds 1.",
	)
	plain := &http.Client{Timeout: time.Minute}
	defer plain.CloseIdleConnections()
	resp, err := plain.Get(strings.Replace(s.public, "https://", "http://", 1))
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Errorf("plain http: %v %v", resp, err)
	} else {
		_ = resp.Body.Close() // only the status is of interest
	}
	s.stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

// TestRotation: while senders post, over kept and over new connections, certificate and authorities are replaced again and again,
// broken ones among them: no request is lost, and each new certificate is soon served.
func TestRotation(t *testing.T) {
	t.Parallel()
	s := startSecured(t)
	shown := s.senders.Client(t, 2*month, "x", "backend.example.com")
	var stop atomic.Bool
	var sent atomic.Int64
	var senders sync.WaitGroup
	for worker := range 8 {
		c := s.sender(&shown)
		senders.Go(func() {
			for i := 0; !stop.Load(); i++ {
				if worker%2 == 0 {
					c.CloseIdleConnections() // each of its requests begins a connection
				}
				body := fmt.Sprintf(`{"data":[{"event_name":"Lead","event_id":"r-%d-%d"}]}`, worker, i)
				status, _, err := s.post(c, "/v1/sources/backend", body, "")
				if status != http.StatusAccepted {
					t.Errorf("request %d of sender %d: %d %v", i, worker, status, err)
					return
				}
				sent.Add(1)
			}
		})
	}
	defer func() { stop.Store(true); senders.Wait() }()
	authorities := filepath.Join(s.dir, "senders.pem")
	for round := range 4 { // what is written last is seen to count: then what was written before it has been read
		next := s.ours.Server(t, time.Duration(round+2)*month)
		certtest.Put(t, authorities, []byte("broken"))
		certtest.Put(t, filepath.Join(s.dir, "server.pem"), next.Certificate) // half of a pair
		s.awaitSent(&sent, 20)
		certtest.Put(t, filepath.Join(s.dir, "server.key"), next.Key)
		s.awaitServed(next.Pair(t).Leaf)
		s.awaitSent(&sent, 20)
		certtest.Put(t, filepath.Join(s.dir, "server.key"), []byte("broken"))
		other := certtest.New(t)
		certtest.Put(t, authorities, append(s.senders.PEM[:len(s.senders.PEM):len(s.senders.PEM)], other.PEM...))
		shown := other.Client(t, month, "backend.example.com")
		await(t, "the new authority", func() bool {
			status, _, _ := s.post(s.sender(&shown), "/v1/sources/crm", `{}`, "")
			return status == http.StatusUnauthorized // it is let in, as nobody; before that it got no connection
		})
		s.awaitSent(&sent, 20)
	}
	stop.Store(true)
	senders.Wait()
	if got := stored(t, s.client, s.names.Events("website")); int64(got) != sent.Load() || got < 160 {
		t.Errorf("%d events were acknowledged, %d are stored", sent.Load(), got)
	}
	s.shows(t, "\nomnicapi_unusable_secrets 1\n") // the last round left a broken key
	s.stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

// awaitSent waits until so many more requests were answered.
func (s *secured) awaitSent(sent *atomic.Int64, more int64) {
	s.t.Helper()
	from := sent.Load()
	await(s.t, "more requests", func() bool { return sent.Load() >= from+more })
}

// awaitServed waits until a new connection is served by a certificate.
func (s *secured) awaitServed(want *x509.Certificate) {
	s.t.Helper()
	await(s.t, "the new certificate", func() bool {
		c, err := (&tls.Dialer{Config: &tls.Config{RootCAs: s.ours.Pool()}}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.public, "https://"))
		if err != nil {
			s.t.Error(err)
			return true
		}
		defer c.Close()
		return c.(*tls.Conn).ConnectionState().PeerCertificates[0].Equal(want)
	})
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}
