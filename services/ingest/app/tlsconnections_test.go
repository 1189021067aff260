package app

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// TestConnectionsOverTLS: the bounds of connections hold under TLS. Those of a network that wait, for a request or before they have said
// hello, make room for a new one; those that work do not, and the new one ends without a word in clear, which its client would take
// for another protocol. Whatever became of them, none is counted any more when they are gone.
func TestConnectionsOverTLS(t *testing.T) {
	const most = 4
	s := startSecured(t, func(c *config.Config) { c.Ingest.ExemptNetworks, c.Ingest.MaxConnectionsPerNetwork = nil, most })
	defer func() { s.stop(); <-s.done }()

	var idle []*tls.Conn
	for range most {
		c, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if status := asked(c, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"); status != http.StatusNotFound {
			t.Fatalf("within the bound: %d", status)
		}
		idle = append(idle, c)
	}
	next := s.awaitDial()
	defer next.Close()
	await(t, "one that waits has to go, and no other", func() bool { // the longest: network.TestIdleMakesRoom
		gone := 0
		for _, c := range idle {
			if asked(c, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n") != http.StatusNotFound {
				gone++
			}
		}
		return gone == 1
	})
	_ = next.Close()
	for _, c := range idle {
		_ = c.Close()
	}
	s.awaitNone()

	var silent []net.Conn
	for range most {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.public, "https://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		silent = append(silent, c)
	}
	_ = s.awaitDial().Close() // while they are there, who say nothing
	for _, c := range silent {
		_ = c.Close()
	}
	s.awaitNone()

	const body = `{"data":[{"event_name":"Lead"}]}`
	var working []*tls.Conn
	for range most {
		c, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if status := asked(c, fmt.Sprintf("POST /v1/sources/backend HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer EAAtestToken\r\n"+
			"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))); status != http.StatusContinue {
			t.Fatalf("a request that works: %d", status)
		}
		working = append(working, c)
	}
	refused := s.figure(`omnicapi_ingest_refused_connections_total{reason="max_connections_per_network"}`)
	<-time.After(1100 * time.Millisecond) // longer than one that waits would be left alone
	var other tls.RecordHeaderError
	if c, err := s.dial(); err == nil {
		_ = c.Close()
		t.Error("one more is let in than there may be")
	} else if errors.As(err, &other) {
		t.Errorf("it is told in clear: %v", err)
	}
	await(t, "one refused", func() bool {
		return s.figure(`omnicapi_ingest_refused_connections_total{reason="max_connections_per_network"}`) == refused+1
	})
	for _, c := range working {
		if status := asked(c, body); status != http.StatusAccepted {
			t.Errorf("one that worked: %d", status)
		}
		_ = c.Close()
	}
	s.awaitNone()
}

// dial opens a connection and shakes hands.
func (s *secured) dial() (*tls.Conn, error) {
	raw, err := net.Dial("tcp", strings.TrimPrefix(s.public, "https://"))
	if err != nil {
		return nil, err
	}
	c := tls.Client(raw, &tls.Config{RootCAs: s.ours.Pool(), ServerName: "localhost"})
	if err = c.SetDeadline(time.Now().Add(time.Minute)); err == nil {
		err = c.HandshakeContext(s.t.Context())
	}
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	return c, nil
}

// awaitDial opens a connection as soon as there is room.
func (s *secured) awaitDial() (c *tls.Conn) {
	s.t.Helper()
	await(s.t, "room", func() bool {
		var err error
		c, err = s.dial()
		return err == nil
	})
	return c
}

// awaitNone waits until no connection is counted.
func (s *secured) awaitNone() {
	s.t.Helper()
	await(s.t, "no connection", func() bool { return s.figure("omnicapi_ingest_connections") == 0 })
}

// figure is one of the metrics.
func (s *secured) figure(name string) (n float64) {
	s.t.Helper()
	_, metrics := call(s.t, http.MethodGet, s.admin+"/metrics", "")
	_, rest, found := strings.Cut(metrics, "\n"+name+" ")
	if _, err := fmt.Sscan(rest, &n); !found || err != nil {
		s.t.Fatalf("no %s: %v", name, err)
	}
	return n
}

// asked writes a request, or the rest of one, and reads the status of its answer; 0: none.
func asked(c net.Conn, request string) int {
	if _, err := io.WriteString(c, request); err != nil {
		return 0
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body) // only the status is of interest
	_ = resp.Body.Close()
	return resp.StatusCode
}
