package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestMetaConnections (F37, F38): endpoints that cannot prove who they are, or cannot be reached, at a running forwarder each:
// nothing is posted and nothing ends; when the endpoint is right again, the lane goes on.
func TestMetaConnections(t *testing.T) {
	ca := newAuthority(t)
	good := ca.issue(t, "127.0.0.1", time.Hour)
	certificate := `"reason":"certificate"`
	cases := map[string]struct {
		served *tls.Certificate // nil: plain text
		url    string           // "": the server's
		later  bool             // nobody listens at first
		said   string           // in the log
		parked bool
	}{
		"expired":    {served: ca.issue(t, "127.0.0.1", -time.Hour), said: certificate, parked: true},
		"wrong-host": {served: ca.issue(t, "graph.example.com", time.Hour), said: certificate, parked: true},
		"unknown-ca": {served: newAuthority(t).issue(t, "127.0.0.1", time.Hour), said: certificate, parked: true},
		"plain-text": {said: `"cause":"network"`},
		"refused":    {served: good, later: true, said: `"cause":"refused"`},
		"no-address": {served: good, url: "https://graph.omnicapi-e2e.invalid", said: `"cause":"dns"`},
	}
	addrs, _ := kafkatest.Brokers(t)
	all := prepare(t, addrs)
	var datasets strings.Builder
	for name := range cases {
		all.write("secrets/"+name+".token", "first")
		fmt.Fprintf(&datasets, "  %s: {id: %q, token_file: secrets/%s.token, batch: {linger: 100ms}}\n", name, shopID, name)
	}
	kafka := fmt.Sprintf("kafka: {brokers: [%s], prefix: %s, partitions: 1, replication: 1}\n", strings.Join(addrs, ", "), all.names.Prefix)
	everything := all.write("all.yaml", "datasets:\n"+datasets.String()+kafka)
	if out, errs, code := run(t, time.Minute, "omnicapi", "topics", "apply", "-c", everything); code != 0 {
		t.Fatalf("topics apply: exit %d\n%s%s", code, out, errs)
	}
	roots := all.write("roots.pem", string(ca.pem))

	t.Run("all", func(t *testing.T) {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m := serveMeta(t, c.served, c.later)
				url := c.url
				if url == "" {
					url = "https://" + m.addr
				}
				s := &stack{t: t, dir: all.dir, names: all.names, stream: all.stream, forwarderAdmin: freePort(t)}
				config := s.write(name+".yaml", fmt.Sprintf("datasets:\n  %s: {id: %q, token_file: secrets/%s.token, batch: {linger: 100ms}}\n", name, shopID, name)+
					kafka+fmt.Sprintf("graph: {url: %q, timeout: 2s}\nforwarder: {admin: %q}\n", url, s.forwarderAdmin))
				s.forwarder = newProcess(t, "forwarder", "-c", config)
				s.forwarder.env = []string{"SSL_CERT_FILE=" + roots, "SSL_CERT_DIR=" + t.TempDir()}
				s.forwarder.start()

				p := all.stream.NewProducer(stream.ProducerConfig{})
				t.Cleanup(func() { _ = p.Close(context.Background()) })
				id := "connection-" + name
				if err := p.Publish(t.Context(), signalRecord(s.names.Signals(name), id, time.Now())); err != nil {
					t.Fatal(err)
				}
				eventually(t, time.Minute, "the log says "+c.said, func() (bool, string) {
					text := s.forwarder.log.text()
					return strings.Contains(text, c.said), tail(text, 5)
				})
				eventually(t, time.Minute, fmt.Sprint("ready, and parked: ", c.parked), func() (bool, string) {
					_, metrics := get(t, "http://"+s.forwarderAdmin+"/metrics")
					status, body := get(t, "http://"+s.forwarderAdmin+"/readyz")
					return parked(metrics, name) == c.parked && status == http.StatusOK, fmt.Sprint(parked(metrics, name), " ", status, " ", body)
				})
				if n, ended := m.posts.Load(), s.fates()[id]; n != 0 || len(ended) != 0 {
					t.Errorf("%d requests came, it ended %v", n, ended)
				}
				if c.url != "" {
					return // this name is nobody's to give an address
				}
				m.mend(t, good)
				next := s.write("secrets/"+name+".next", "second") // a person who mends something probes at once
				if err := os.Rename(next, strings.TrimSuffix(next, "next")+"token"); err != nil {
					t.Fatal(err)
				}
				if f := s.waitFates(time.Minute, []string{id})[id]; len(f) != 1 || f[0].fate != "delivered" {
					t.Errorf("ended %v", f)
				}
			})
		}
	})
}

// metaServer stands where Meta should.
type metaServer struct {
	addr   string
	served atomic.Pointer[tls.Certificate]
	posts  atomic.Int64
	server *httptest.Server
}

func serveMeta(t *testing.T, served *tls.Certificate, later bool) *metaServer {
	t.Helper()
	m := &metaServer{addr: freePort(t)}
	t.Cleanup(func() {
		if m.server != nil {
			m.server.Close()
		}
	})
	m.served.Store(served)
	if !later {
		m.listen(t, served != nil)
	}
	return m
}

// mend serves a good certificate from now on.
func (m *metaServer) mend(t *testing.T, good *tls.Certificate) {
	t.Helper()
	m.served.Store(good)
	if m.server != nil && m.server.TLS != nil {
		return
	}
	if m.server != nil {
		m.server.Close()
	}
	m.listen(t, true)
}

func (m *metaServer) listen(t *testing.T, withTLS bool) {
	t.Helper()
	var l net.Listener
	eventually(t, time.Minute, "Meta listens at "+m.addr, func() (bool, string) {
		var err error
		l, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", m.addr) // the address may be a child's yet: kafkatest.IsFree
		return err == nil, fmt.Sprint(err)
	})
	m.server = httptest.NewUnstartedServer(m)
	_ = m.server.Listener.Close()
	m.server.Listener = l
	m.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if !withTLS {
		m.server.Start()
		return
	}
	// httptest adds a certificate of its own, which a client that names an address would get.
	m.server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*m.served.Load()}}, nil
	}}
	m.server.StartTLS()
}

func (m *metaServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.posts.Add(1)
	var body struct {
		Data []json.RawMessage `json:"data"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, `{"events_received":%d,"messages":[],"fbtrace_id":"Atls"}`, len(body.Data))
}

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "e2e authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return a
}

// issue makes a certificate for a name or address that is valid for a time from now on; negative: it ended so long ago.
func (a *authority) issue(t *testing.T, host string, valid time.Duration) *tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(valid), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
