package httpapi

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// inMemory is a listener without a network, whose connections come from the addresses that the test says.
type inMemory struct {
	dials chan net.Conn
	done  chan struct{}
}

func (m *inMemory) Accept() (net.Conn, error) {
	select {
	case c := <-m.dials:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *inMemory) Close() error   { close(m.done); return nil }
func (m *inMemory) Addr() net.Addr { return &net.TCPAddr{} }

type fromAddr struct {
	net.Conn
	addr net.Addr
}

func (f fromAddr) RemoteAddr() net.Addr { return f.addr }

// dial connects from an address.
func (m *inMemory) dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	if err := client.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	m.dials <- fromAddr{server, net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(addr), 9))}
	return client
}

// served serves f from memory until the test ends.
func (f *fixture) served(t *testing.T) *inMemory {
	t.Helper()
	m := &inMemory{dials: make(chan net.Conn), done: make(chan struct{})}
	server, done := f.Server(), make(chan error, 1)
	go func() { done <- server.Serve(f.Listen(m)) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return m
}

// ask writes a request and reads its answer's status; 0: the connection ended.
func ask(c net.Conn, request string) int {
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		return 0
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

const (
	anyRequest    = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
	pageRequest   = "POST /v1/website/collect HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example.com\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
	provenRequest = "POST " + graphPath + " HTTP/1.1\r\nHost: x\r\n" + goodToken + "\r\nContent-Length: %d\r\n\r\n%s"
)

// TestSendersAmongConnections: networks that hold as many connections as they get, idle, silent and slow ones, keep no sender out that has
// proven itself, nor a new client of another network; of each network no more are open than the configuration says.
func TestSendersAmongConnections(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Config.MaxConnections, o.Config.MaxConnectionsPerNetwork = 200, 50 })
	m := f.served(t)
	post := fmt.Sprintf(provenRequest, len(oneBody), oneBody)
	const sender = "198.51.100.7"
	if code := ask(m.dial(t, sender), post); code != http.StatusOK {
		t.Fatalf("a sender: %d", code)
	}
	var held []net.Conn
	for i := range 600 {
		c := m.dial(t, fmt.Sprintf("203.0.113.%d", i%6))
		held = append(held, c)
		switch i % 3 {
		case 0: // a slow body, of one that proves nothing: who does has a share in what is kept
			go func() { _, _ = io.WriteString(c, pageRequest) }()
		case 1: // a slow head
			go func() { _, _ = io.WriteString(c, "POST / HTTP/1.1\r\nX-Slow: ") }()
		}
	}
	if n := f.connections.Open(); n > 200 {
		t.Errorf("%d are open", n)
	}
	for i := range 15 { // the server may not know yet that the ones before are closed: 20 are kept
		c := m.dial(t, sender)
		if code := ask(c, post); code != http.StatusOK {
			t.Errorf("the sender's connection %d among them: %d", i, code)
		}
		_ = c.Close()
	}
	if n := f.refusedConnections(t); n == 0 {
		t.Error("nothing was refused: the test floods too little")
	}
	if log := f.log.String(); !strings.Contains(log, "connections are refused") || strings.Contains(log, "203.0.113") {
		t.Errorf("logged %s", log)
	}
	for _, c := range held {
		_ = c.Close()
	}
}

// refusedConnections counts those of all reasons.
func (f *fixture) refusedConnections(t *testing.T) (n int) {
	t.Helper()
	families, err := f.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "omnicapi_ingest_refused_connections_total" {
				n += int(m.GetCounter().GetValue())
			}
		}
	}
	return n
}

// TestTenThousandConnections: used, silent, slow and cut off, they leave nothing behind.
func TestTenThousandConnections(t *testing.T) {
	f := newFixture(t, nil)
	m := f.served(t)
	before := runtime.NumGoroutine()
	for round := range 20 {
		var open []net.Conn
		for i := range 500 {
			c := m.dial(t, fmt.Sprintf("203.0.%d.%d", round, i%250))
			open = append(open, c)
			switch i % 4 {
			case 0:
				if code := ask(c, anyRequest); code != http.StatusNotFound {
					t.Fatalf("%d", code)
				}
			case 1:
				_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nX-Slow: ")
			case 2:
				_, _ = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: 100\r\n\r\n{", graphPath, goodToken)
			}
		}
		waitFor(t, "500 are open", func() bool { return f.connections.Open() >= 500 })
		for _, c := range open {
			_ = c.Close()
		}
	}
	waitFor(t, "all are gone", func() bool { return f.connections.Open() == 0 && runtime.NumGoroutine() <= before+5 })
	if n, err := testutil.GatherAndCount(f.reg, "omnicapi_ingest_connections"); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	f.bodies.mu.Lock()
	defer f.bodies.mu.Unlock()
	if f.bodies.used != 0 {
		t.Errorf("%d bytes of bodies are not given back", f.bodies.used)
	}
}

// TestFitting: connections leave files for the rest of the process.
func TestFitting(t *testing.T) {
	for _, c := range []struct{ most, files, want int }{{10_000, 20_000, 10_000}, {10_000, 1024, 768}, {10_000, 256, 128}, {0, 1024, 0}, {100, 1024, 100}} {
		if got := fitting(c.most, c.files); got != c.want {
			t.Errorf("%d in %d files: %d, want %d", c.most, c.files, got, c.want)
		}
	}
}

// waitFor waits for a condition.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("never: " + what)
		}
	}
}
