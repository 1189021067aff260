package httpapi

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/certtest"
)

// servedOverTLS serves f over TLS from memory until the test ends, and asks for senders' certificates: they prove the source backend.
func (f *fixture) servedOverTLS(t *testing.T, ours, senders *certtest.Authority) *inMemory {
	t.Helper()
	own := &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{ours.Server(t, time.Hour).Pair(t)},
		ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: senders.Pool(),
	}
	m := &inMemory{dials: make(chan net.Conn), done: make(chan struct{})}
	server, done := f.Server(), make(chan error, 1)
	go func() { done <- server.Serve(tls.NewListener(f.Listen(m), own)) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return m
}

// TestCertifiedSenderAmongConnections: a sender that proves itself by its certificate alone has its part of the connections that are kept
// for those who have proven something.
func TestCertifiedSenderAmongConnections(t *testing.T) {
	ours, senders := certtest.New(t), certtest.New(t)
	backend := newSource("backend", "website", "capi")
	backend.Names = []string{"backend.example.com"}
	f := newFixture(t, func(o *Options) {
		o.Config.MaxConnections, o.Config.MaxConnectionsPerNetwork = 50, 50
		o.Certificate = func(s *tls.ConnectionState, _ time.Time) []string {
			if len(s.PeerCertificates) == 0 {
				return nil
			}
			return s.PeerCertificates[0].DNSNames
		}
	}, backend)
	m := f.servedOverTLS(t, ours, senders)
	pair := senders.Client(t, time.Hour, "x", "backend.example.com").Pair(t)
	post := func() int {
		t.Helper()
		c := tls.Client(m.dial(t, "198.51.100.7"), &tls.Config{RootCAs: ours.Pool(), ServerName: "localhost", Certificates: []tls.Certificate{pair}})
		defer c.NetConn().Close()
		return ask(c, fmt.Sprintf("POST /v1/website/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(oneBody), oneBody))
	}
	if code := post(); code/100 != 2 {
		t.Fatalf("the sender: %d", code)
	}
	for i := range 60 { // strangers, who work: none waits
		c := m.dial(t, fmt.Sprintf("203.0.113.%d", i))
		defer c.Close()
		stranger := tls.Client(c, &tls.Config{RootCAs: ours.Pool(), ServerName: "localhost"})
		_, _ = io.WriteString(stranger, "POST /v1/website/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	}
	for i := range 5 {
		if code := post(); code/100 != 2 {
			t.Errorf("the sender's connection %d among them: %d", i, code)
		}
	}
}
