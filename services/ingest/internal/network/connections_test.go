package network

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// dialed is a connection in memory, from an address.
type dialed struct {
	net.Conn
	from   netip.AddrPort
	closed atomic.Bool
}

func (d *dialed) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(d.from) }

func (d *dialed) Close() error {
	d.closed.Store(true)
	return d.Conn.Close()
}

// memory is a listener without a network.
type memory struct {
	dials chan net.Conn
	done  chan struct{}
}

func newMemoryListener() *memory { return &memory{make(chan net.Conn), make(chan struct{})} }

// dial connects from an address; it returns both ends.
func (m *memory) dial(tb testing.TB, from string) (client net.Conn, server *dialed) {
	tb.Helper()
	client, end := net.Pipe()
	server = &dialed{Conn: end, from: netip.AddrPortFrom(netip.MustParseAddr(from), 1234)}
	select {
	case m.dials <- server:
	case <-time.After(time.Minute):
		tb.Fatal("nobody accepts")
	}
	return client, server
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.dials:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { close(m.done); return nil }
func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

// bounded accepts without serving: the test says what the connections do.
type bounded struct {
	*Connections
	t        *testing.T
	refusals map[Reason]int
}

func newBounded(t *testing.T, total, per int) *bounded {
	b := &bounded{t: t, refusals: map[Reason]int{}}
	exempt, err := ParseList([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	b.Connections = &Connections{
		Max: total, PerNetwork: per, Exempt: exempt,
		Refused: func(r Reason) { b.refusals[r]++ },
		Proven:  func(n Network) bool { return n == Of(netip.MustParseAddr("198.51.100.1")) },
	}
	return b
}

// connect tries a connection; nil: refused.
func (b *bounded) connect(from string) *conn {
	client, end := net.Pipe()
	d := &dialed{Conn: end, from: netip.AddrPortFrom(netip.MustParseAddr(from), 1)}
	b.t.Cleanup(func() { _ = client.Close() })
	l := b.Listen(&once{conn: d})
	k, err := l.Accept()
	if err != nil {
		if !d.closed.Load() {
			b.t.Error("a refused connection stays open")
		}
		return nil
	}
	return k.(*conn)
}

// once is a listener with one connection.
type once struct {
	net.Listener
	conn net.Conn
}

func (o *once) Accept() (net.Conn, error) {
	c := o.conn
	if o.conn = nil; c == nil {
		return nil, io.EOF
	}
	return c, nil
}

func isClosed(k *conn) bool { return k.Conn.(*dialed).closed.Load() }

// TestIdleMakesRoom: at the limit the connection that waited the longest is closed for a new one, and none that works.
func TestIdleMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBounded(t, 10, 0) // 9 for strangers
		var all []*conn
		for i := range 9 {
			all = append(all, b.connect([]string{"203.0.113.1", "203.0.113.2", "203.0.113.3"}[i%3]))
			b.State(all[i], http.StateActive)
		}
		if b.connect("203.0.113.4") != nil || b.refusals[TooMany] != 1 {
			t.Fatalf("a tenth is let in, refused %v", b.refusals)
		}
		b.State(all[4], http.StateIdle)
		b.State(all[2], http.StateIdle)
		b.State(all[4], http.StateActive)
		b.State(all[4], http.StateIdle)
		if b.connect("203.0.113.4") != nil || b.refusals[TooMany] != 2 {
			t.Fatal("one makes room whose next request may be on its way")
		}
		<-time.After(patience)
		next := b.connect("203.0.113.4")
		if next == nil || !isClosed(all[2]) || isClosed(all[4]) {
			t.Fatal("not the one that waited the longest makes room")
		}
		if b.connect("203.0.113.4") == nil || !isClosed(all[4]) || b.Open() != 9 {
			t.Errorf("%d are open", b.Open())
		}
		b.State(all[2], http.StateClosed) // the server hears of it later
		if b.Open() != 9 {
			t.Errorf("%d are open: one was counted out twice", b.Open())
		}
		<-time.After(patience)
		if b.connect("203.0.113.5") == nil || !isClosed(next) {
			t.Error("one that has said nothing yet holds its place")
		}
	})
}

// TestOneNetworkFull: a network at its limit costs the others nothing, nor a proxy, nor this machine.
func TestOneNetworkFull(t *testing.T) {
	b := newBounded(t, 0, 5)
	var last *conn
	for range 5 {
		last = b.connect("203.0.113.1")
		b.State(last, http.StateActive)
	}
	if b.connect("203.0.113.1") != nil || b.refusals[TooManyOfOne] != 1 {
		t.Fatalf("a sixth is let in, refused %v", b.refusals)
	}
	for _, other := range []string{"203.0.113.2", "::ffff:203.0.113.3", "2001:db8::1"} {
		if b.connect(other) == nil {
			t.Errorf("%s is refused", other)
		}
	}
	for range 50 {
		if b.connect("127.0.0.1") == nil {
			t.Fatal("an exempt network is limited")
		}
	}
	if err := last.Close(); err != nil {
		t.Fatal(err)
	}
	if b.connect("203.0.113.1") == nil {
		t.Error("a connection that ended holds its place")
	}
	open := 0
	for net := range 100 { // a site's networks
		for range 5 {
			k := b.connect(v6(7, net).narrow.Addr().String())
			if k == nil {
				break
			}
			open++
			b.State(k, http.StateActive)
		}
	}
	if open != Wider*5 {
		t.Errorf("a site has %d, want %d", open, Wider*5)
	}
}

// TestKeptForSenders: strangers cannot take the last tenth, nor close the waiting connections of networks that have proven something.
func TestKeptForSenders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const sender = "198.51.100.1"
		b := newBounded(t, 20, 0)
		waits := b.connect(sender)
		b.State(waits, http.StateActive)
		b.State(waits, http.StateIdle)
		var strangers int
		for range 40 {
			if k := b.connect("203.0.113.1"); k != nil {
				strangers++
				b.State(k, http.StateActive)
			}
		}
		if strangers != 17 || isClosed(waits) {
			t.Errorf("%d strangers of 17, the sender's closed: %v", strangers, isClosed(waits))
		}
		<-time.After(patience)
		for range 2 {
			if b.connect(sender) == nil {
				t.Error("a sender is refused")
			}
		}
		if b.connect(sender) == nil || !isClosed(waits) || b.Open() != 20 {
			t.Errorf("a sender's own that waits makes no room: %d open", b.Open())
		}
	})
}

// TestRefusalIsSaid: who is refused is told so at once, in HTTP; whoever was let in is served.
func TestRefusalIsSaid(t *testing.T) {
	m := newMemoryListener()
	refused := make(chan Reason, 9)
	c := &Connections{Max: 10, PerNetwork: 1, Refused: func(r Reason) { refused <- r }}
	started, release := make(chan struct{}), make(chan struct{})
	server := &http.Server{ConnState: c.State, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(started)
		<-release
	})}
	done := make(chan error, 1)
	go func() { done <- server.Serve(c.Listen(m)) }()
	first, _ := m.dial(t, "203.0.113.1")
	if _, err := io.WriteString(first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-started
	second, _ := m.dial(t, "203.0.113.1")
	res, err := http.ReadResponse(bufio.NewReader(second), nil)
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !res.Close {
		t.Fatalf("%v, %v", res, err)
	}
	if text, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(text), "too many") || <-refused != TooManyOfOne {
		t.Errorf("%q, %v", text, err)
	}
	close(release)
	if res, err = http.ReadResponse(bufio.NewReader(first), nil); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", res, err)
	}
	if err := server.Shutdown(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if c.Open() != 0 {
		t.Errorf("%d are open behind the stop", c.Open())
	}
}
