package graph

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// TestAddressChanges (F38): a name without an address is a fault of the moment, and when it gets another one, the connections to the
// old one are left: at the next POST but one if that host closes them, after one timeout if it hangs.
func TestAddressChanges(t *testing.T) {
	names := serveNames(t)
	var hung atomic.Bool
	old, port := serveAt(t, "127.0.0.1:0", &hung)
	next, _ := serveAt(t, "127.0.0.2:"+port, nil) // the whole of 127/8 is this machine's
	last, _ := serveAt(t, "127.0.0.3:"+port, nil)
	p, err := New(Config{
		URL: "http://graph.test:" + port, Version: "v25.0", DatasetID: "1", Timeout: time.Minute, InFlight: 1, Token: config.StaticSecret(canary),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	p.transport.DialContext = (&net.Dialer{Resolver: names.resolver()}).DialContext
	post := func() lane.Answer { return p.Post(t.Context(), request(1, 100)) }
	want := func(when string, a lane.Answer, class capi.Class, posts ...int64) {
		t.Helper()
		got := []int64{old.posts.Load(), next.posts.Load(), last.posts.Load()}
		if a.Class != class || got[0] != posts[0] || got[1] != posts[1] || got[2] != posts[2] {
			t.Errorf("%s: %s (%s), %v posts at the addresses, want %s, %v", when, a.Class, a.Cause, got, class, posts)
		}
	}

	names.address.Store(nil)
	a := post()
	want("no such name", a, capi.Transient, 0, 0, 0)
	if a.Cause != "dns" {
		t.Errorf("cause %q", a.Cause)
	}
	p.cfg.Timeout = 300 * time.Millisecond
	names.silence(true)
	want("nobody answers for the name", post(), capi.Transient, 0, 0, 0)
	names.silence(false)
	p.cfg.Timeout = time.Minute

	names.is("127.0.0.1")
	want("an address", post(), capi.OK, 1, 0, 0)
	names.is("127.0.0.2")
	want("the old address is good while it answers", post(), capi.OK, 2, 0, 0)
	hung.Store(true)
	p.cfg.Timeout = 3 * time.Second // in which it must have come
	want("it hangs", post(), capi.Transient, 3, 0, 0)
	p.cfg.Timeout = time.Minute
	want("the next one", post(), capi.OK, 3, 1, 0)
	names.is("127.0.0.3")
	next.Close()
	if a = post(); a.Class == capi.Transient { // it went out before the end of the connection was noticed
		a = post()
	}
	want("it closes", a, capi.OK, 3, 1, 1)
}

// host answers posts at an address, or hangs.
type host struct {
	*httptest.Server
	posts atomic.Int64
}

func serveAt(t *testing.T, addr string, hung *atomic.Bool) (h *host, port string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	h = &host{}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.posts.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		if hung != nil && hung.Load() {
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, good)
	}))
	_ = h.Listener.Close()
	h.Listener = l
	h.Start()
	t.Cleanup(h.Close)
	_, port, _ = net.SplitHostPort(l.Addr().String()) // an address of TCP has a port
	return h, port
}

// nameServer answers every question for an address of IPv4 with one address, with "no such name", or not at all.
type nameServer struct {
	net.PacketConn
	address atomic.Pointer[[4]byte]

	mu     sync.Mutex
	silent bool
	late   []func() // answers that it owes: Go's resolver waits for them long after its caller has gone
}

func serveNames(t *testing.T) *nameServer {
	t.Helper()
	c, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, done := &nameServer{PacketConn: c}, make(chan struct{})
	go func() {
		defer close(done)
		question := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(question)
			if err != nil {
				return
			}
			answer := s.answer(question[:n])
			s.say(func() { _, _ = c.WriteTo(answer, from) })
		}
	}()
	t.Cleanup(func() {
		_ = c.Close()
		<-done
	})
	return s
}

func (s *nameServer) say(answer func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent {
		s.late = append(s.late, answer)
		return
	}
	answer()
}

func (s *nameServer) silence(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = on
	for _, answer := range s.late {
		answer()
	}
	s.late = nil
}

func (s *nameServer) is(address string) {
	a := [4]byte(net.ParseIP(address).To4())
	s.address.Store(&a)
}

func (s *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", s.LocalAddr().String())
	}}
}

// answer is of RFC 1035, 4: the question's head and name, and behind them a record if there is one.
func (s *nameServer) answer(question []byte) []byte {
	end := 12
	for end < len(question) && question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5 // the name's end, type, class
	const (
		isAnswer = 0x8180
		noSuch   = 3
		ofIPv4   = 1
	)
	a := append([]byte{}, question[:end]...)
	clear(a[6:12])
	binary.BigEndian.PutUint16(a[2:], isAnswer)
	address := s.address.Load()
	switch {
	case address == nil:
		a[3] |= noSuch
	case binary.BigEndian.Uint16(question[end-4:]) == ofIPv4:
		a[7] = 1                                                   // one record
		a = append(a, 0xc0, 12, 0, ofIPv4, 0, 1, 0, 0, 0, 0, 0, 4) // of the question's name, for no time
		a = append(a, address[:]...)
	}
	return a
}
