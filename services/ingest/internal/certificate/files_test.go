package certificate

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/certtest"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const month = 30 * 24 * time.Hour

// rig is files of one server, and of the authority of its senders, and what is said of them.
type rig struct {
	*Files
	t        *testing.T
	dir      string
	log      bytes.Buffer
	ours     *certtest.Authority // of the server
	senders  *certtest.Authority
	certFile string
	keyFile  string
	caFile   string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), ours: certtest.New(t), senders: certtest.New(t)}
	r.certFile, r.keyFile = r.ours.Server(t, month).Write(t, r.dir, "server")
	r.caFile = filepath.Join(r.dir, "senders.pem")
	certtest.Put(t, r.caFile, r.senders.PEM)
	return r
}

func (r *rig) config() config.IngestTLS {
	return config.IngestTLS{CertFile: r.certFile, KeyFile: r.keyFile, ClientCAFile: r.caFile}
}

func (r *rig) open() {
	r.t.Helper()
	var err error
	if r.Files, err = Open(r.config(), slog.New(slog.NewTextHandler(&r.log, nil))); err != nil {
		r.t.Fatal(err)
	}
}

// looks lets the files be read so often, a second each.
func (r *rig) looks(n int) {
	for range n {
		r.look(time.Now())
	}
}

// shake makes one connection, and returns both ends' states, and what the client was told.
func (r *rig) shake(own *tls.Config) (client, server tls.ConnectionState, err error) {
	r.t.Helper()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	l := r.Over(plain)
	var served sync.WaitGroup
	served.Go(func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		s := c.(*tls.Conn)
		if s.Handshake() == nil {
			server = s.ConnectionState()
			_, _ = c.Write([]byte("x")) // the client reads it
		}
	})
	defer func() { _ = l.Close(); served.Wait() }()
	own = own.Clone()
	if own.RootCAs == nil {
		own.RootCAs = r.ours.Pool()
	}
	own.ServerName = "localhost"
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		r.t.Fatal(err)
	}
	c := tls.Client(raw, own)
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		r.t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil { // a server's refusal comes with the first read
		_ = c.Close() // it has ended
		served.Wait()
		return client, server, err
	}
	served.Wait()
	return c.ConnectionState(), server, nil
}

// TestOver: what is spoken: TLS 1.2 and above, HTTP/1.1 alone, and a certificate is asked of nobody who has none.
func TestOver(t *testing.T) {
	r := newRig(t)
	r.open()
	client, server, err := r.shake(&tls.Config{NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	if client.NegotiatedProtocol != "http/1.1" || client.Version < tls.VersionTLS12 || r.Names(&server, time.Now()) != nil {
		t.Errorf("%q over %s, names %v", client.NegotiatedProtocol, tls.VersionName(client.Version), r.Names(&server, time.Now()))
	}
	if _, _, err := r.shake(&tls.Config{MaxVersion: tls.VersionTLS12}); err != nil {
		t.Errorf("TLS 1.2: %v", err)
	}
	if _, _, err := r.shake(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	var none *Files
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if none.Over(l) != l || none.Unusable() != 0 || none.Names(&server, time.Now()) != nil {
		t.Error("without a certificate it is not plain HTTP")
	}
	if f, err := Open(config.IngestTLS{}, slog.New(slog.DiscardHandler)); f != nil || err != nil {
		t.Errorf("nothing configured: %v %v", f, err)
	}
}

// TestRenewed: a new pair counts at the next look, half of one does not, and a broken or expired one leaves the old with a warning.
func TestRenewed(t *testing.T) {
	r := newRig(t)
	r.open()
	serving := func() []byte {
		t.Helper()
		c, _, err := r.shake(&tls.Config{})
		if err != nil {
			t.Fatal(err)
		}
		return c.PeerCertificates[0].Raw
	}
	warnings := func() int { return strings.Count(r.log.String(), "level=WARN") }
	first := serving()
	next := r.ours.Server(t, 2*month)
	certtest.Put(t, r.certFile, next.Certificate)
	r.looks(1)
	if !bytes.Equal(serving(), first) || warnings() != 0 || r.Unusable() != 1 {
		t.Errorf("half a pair: %d unusable\n%s", r.Unusable(), r.log.String())
	}
	certtest.Put(t, r.keyFile, next.Key)
	r.looks(1)
	second := serving()
	if bytes.Equal(second, first) || warnings() != 0 || r.Unusable() != 0 || time.Until(r.Expires()) < month {
		t.Errorf("a new pair: %d unusable, expires %s\n%s", r.Unusable(), r.Expires(), r.log.String())
	}
	for name, spoil := range map[string]func(){
		"no PEM":    func() { certtest.Put(t, r.certFile, []byte("CANARY")) },
		"empty":     func() { certtest.Put(t, r.keyFile, nil) },
		"gone":      func() { _ = os.Remove(r.keyFile) },
		"two pairs": func() { certtest.Put(t, r.keyFile, r.ours.Server(t, month).Key) },
		"a chain that is broken": func() {
			certtest.Put(t, r.certFile, append(bytes.Clone(next.Certificate), "-----BEGIN CERTIFICATE-----\nQ0FOQVJZ\n-----END CERTIFICATE-----\n"...))
		},
		"expired": func() { r.ours.Server(t, -time.Hour).Write(t, r.dir, "server") },
	} {
		before := warnings()
		spoil()
		r.looks(3)
		if !bytes.Equal(serving(), second) || warnings() != before+1 || r.Unusable() != 1 {
			t.Errorf("%s: %d unusable, %d warnings\n%s", name, r.Unusable(), warnings()-before, r.log.String())
		}
		next.Write(t, r.dir, "server")
		r.looks(1)
		if r.Unusable() != 0 || strings.Count(r.log.String(), "can be used again") == 0 {
			t.Errorf("%s: the old pair is put back, %d unusable", name, r.Unusable())
		}
	}
	if strings.Contains(r.log.String(), "CANARY") || strings.Contains(r.log.String(), "PRIVATE") {
		t.Error("the log quotes a file")
	}
}

// TestOpenRefuses: what is wrong at the start is an error that names its key; a certificate that has expired is a warning.
func TestOpenRefuses(t *testing.T) {
	for want, spoil := range map[string]func(r *rig){
		"ingest.tls.cert_file":      func(r *rig) { certtest.Put(t, r.certFile, []byte("x")) },
		"cert_file":                 func(r *rig) { certtest.Put(t, r.keyFile, r.ours.Server(t, month).Key) },
		"server.key":                func(r *rig) { _ = os.Remove(r.keyFile) },
		"ingest.tls.client_ca_file": func(r *rig) { certtest.Put(t, r.caFile, []byte("x")) },
		"senders.pem":               func(r *rig) { _ = os.Remove(r.caFile) },
	} {
		r := newRig(t)
		spoil(r)
		if _, err := Open(r.config(), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	r := newRig(t)
	r.ours.Server(t, -time.Hour).Write(t, r.dir, "server")
	r.open()
	if !strings.Contains(r.log.String(), "has expired") || r.Expires().After(time.Now()) {
		t.Errorf("an expired certificate: %s", r.log.String())
	}
}

// TestClients: which certificates of senders count, and what their names are.
func TestClients(t *testing.T) {
	r := newRig(t)
	r.open()
	other := certtest.New(t)
	for _, c := range []struct {
		name  string
		shown certtest.Issued
		want  string // "": refused
	}{
		{"DNS names and URIs, not the common name", r.senders.Client(t, month, "cn", "till.example.com", "spiffe://shop/till"), "till.example.com spiffe://shop/till"},
		{"the common name alone", r.senders.Client(t, month, "cn"), "cn"},
		{"expired", r.senders.Client(t, -time.Hour, "cn"), ""},
		{"another authority's", other.Client(t, month, "cn"), ""},
		{"a server's", r.senders.Server(t, month), ""},
	} {
		for version := uint16(tls.VersionTLS12); version <= tls.VersionTLS13; version++ {
			shown := c.shown.Pair(t)
			_, server, err := r.shake(&tls.Config{MaxVersion: version, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &shown, nil }})
			if got := strings.Join(r.Names(&server, time.Now()), " "); got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%s: %q, %v", c.name, got, err)
			}
		}
	}
}

// TestOpenConnections: a certificate ends at open connections, too, when it expires or its authority is taken out of the file; a new
// authority counts for new ones.
func TestOpenConnections(t *testing.T) {
	r := newRig(t)
	r.open()
	shown := r.senders.Client(t, month, "till").Pair(t)
	_, server, err := r.shake(&tls.Config{Certificates: []tls.Certificate{shown}})
	if err != nil || len(r.Names(&server, time.Now())) != 1 {
		t.Fatalf("%v %v", r.Names(&server, time.Now()), err)
	}
	if r.Names(&server, time.Now().Add(2*month)) != nil {
		t.Error("an expired certificate counts at an open connection")
	}
	next := certtest.New(t)
	certtest.Put(t, r.caFile, append(bytes.Clone(r.senders.PEM), next.PEM...))
	r.looks(1)
	if r.Names(&server, time.Now()) == nil {
		t.Error("another authority beside it ends it")
	}
	certtest.Put(t, r.caFile, []byte("half"))
	r.looks(3)
	if r.Names(&server, time.Now()) == nil || r.Unusable() != 1 {
		t.Errorf("a broken file ends it, %d unusable", r.Unusable())
	}
	certtest.Put(t, r.caFile, next.PEM)
	r.looks(1)
	if r.Names(&server, time.Now()) != nil || r.Unusable() != 0 {
		t.Error("its authority is gone, and it counts")
	}
	if _, _, err := r.shake(&tls.Config{Certificates: []tls.Certificate{shown}}); err == nil {
		t.Error("a new connection is let in with it")
	}
	now := next.Client(t, month, "till").Pair(t)
	if _, server, err := r.shake(&tls.Config{Certificates: []tls.Certificate{now}}); err != nil || len(r.Names(&server, time.Now())) != 1 {
		t.Errorf("the new authority's: %v", err)
	}
}

// TestNoResumption: with client certificates no session is resumed, so that none outlives its authority.
func TestNoResumption(t *testing.T) {
	r := newRig(t)
	r.open()
	shown := r.senders.Client(t, month, "till").Pair(t)
	own := &tls.Config{Certificates: []tls.Certificate{shown}, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
	for range 3 {
		c, _, err := r.shake(own)
		if err != nil || c.DidResume {
			t.Fatalf("resumed %v, %v", c.DidResume, err)
		}
	}
}

// TestRun: it looks by itself, and ends when it is told to.
func TestRun(t *testing.T) {
	r := newRig(t)
	r.open()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	was := r.Expires()
	r.ours.Server(t, 2*month).Write(t, r.dir, "server")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); r.Expires().Equal(was); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("a new pair is not seen")
		}
	}
	cancel()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
