package graph

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// certificate makes one for 127.0.0.1 that signs itself, valid until a time.
func certificate(t *testing.T, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: until.Add(-48 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// TestUntrusted: an endpoint that cannot prove who it is gets no request and parks the lane (setup, certificate).
func TestUntrusted(t *testing.T) {
	fresh, freshRoots := certificate(t, time.Now().Add(24*time.Hour))
	stale, staleRoots := certificate(t, time.Now().Add(-time.Hour))
	_, others := certificate(t, time.Now().Add(24*time.Hour))
	for name, c := range map[string]struct {
		server *tls.Config
		roots  *x509.CertPool
		host   string
	}{
		"expired":           {&tls.Config{Certificates: []tls.Certificate{stale}}, staleRoots, "127.0.0.1"},
		"unknown authority": {&tls.Config{Certificates: []tls.Certificate{fresh}}, others, "127.0.0.1"},
		"system's roots":    {&tls.Config{Certificates: []tls.Certificate{fresh}}, nil, "127.0.0.1"},
		"another host":      {&tls.Config{Certificates: []tls.Certificate{fresh}}, freshRoots, "localhost.localdomain"},
		"only TLS 1.0": {
			&tls.Config{Certificates: []tls.Certificate{fresh}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, freshRoots, "127.0.0.1",
		},
		"only TLS 1.1": {
			&tls.Config{Certificates: []tls.Certificate{fresh}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, freshRoots, "127.0.0.1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				t.Error("a request went out")
				_, _ = io.WriteString(w, good)
			}))
			s.TLS = c.server
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			wantCertificate(t, s.Listener.Addr().String(), c.host, c.roots)
		})
	}
	// What has never heard of supported_versions answers the ClientHello in its own version.
	t.Run("very old", func(t *testing.T) {
		hello := []byte{22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1}
		hello = append(hello, make([]byte, 32)...) // random
		hello = append(hello, 0, 0, 0x2f, 0)       // no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression
		addr := accept(t, func(c net.Conn) { _, _ = c.Write(hello) })
		wantCertificate(t, addr, "127.0.0.1", freshRoots)
	})
}

func wantCertificate(t *testing.T, addr, host string, roots *x509.CertPool) {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	a := postTo(t, addr, "https://"+host+":"+port, roots, time.Minute)
	if a.Class != capi.Setup || a.Setup != gate.Certificate || a.Cause != "certificate" {
		t.Errorf("%+v", a)
	}
}

// postTo posts to url, which stands at addr whatever its host is.
func postTo(t *testing.T, addr, url string, roots *x509.CertPool, timeout time.Duration) lane.Answer {
	t.Helper()
	cfg := Config{URL: url, Version: "v25.0", DatasetID: "1234567890", Timeout: timeout, Token: config.StaticSecret(canary)}
	if roots != nil {
		cfg.Roots = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	p.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}
	return p.Post(t.Context(), request(1, 100))
}

// accept hands what connects to fn once it has said something, and keeps the connection open until the test ends.
func accept(t *testing.T, fn func(net.Conn)) (addr string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer func() { _ = c.Close() }()
				if _, err := c.Read(make([]byte, 4096)); err == nil {
					fn(c)
				}
				_, _ = io.Copy(io.Discard, c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return l.Addr().String()
}

// TestHandshakeHangs: a network that does not answer is a fault of the moment, not of the setup.
func TestHandshakeHangs(t *testing.T) {
	addr := accept(t, func(net.Conn) {})
	a := postTo(t, addr, "https://"+addr, nil, 200*time.Millisecond)
	if a.Class != capi.Transient || a.Cause != "timeout" || a.Aborted {
		t.Errorf("%+v", a)
	}
}

// TestNoTLSAtAll: plain text where TLS is due is no proof of anything wrong with a certificate.
func TestNoTLSAtAll(t *testing.T) {
	addr := accept(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n") })
	if a := postTo(t, addr, "https://"+addr, nil, time.Minute); a.Class != capi.Transient || a.Cause != "network" {
		t.Errorf("%+v", a)
	}
}
