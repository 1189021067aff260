package httpapi

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// piped serves an API over pipes, for tests whose time is not real.
type piped struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *piped) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *piped) Close() error { close(p.closed); return nil }

func (p *piped) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// dial connects to the API.
func (p *piped) dial(t *testing.T) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	p.conns <- theirs
	t.Cleanup(func() { _ = ours.Close() })
	return ours
}

// inBubble runs a test with an API in a bubble of time.
func inBubble(t *testing.T, change func(*Options), run func(t *testing.T, f *fixture, p *piped)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, change)
		p := &piped{conns: make(chan net.Conn), closed: make(chan struct{})}
		server, done := f.Server(), make(chan error, 1)
		go func() { done <- server.Serve(p) }()
		defer func() {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			if err := <-done; !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		}()
		run(t, f, p)
	})
}

// head is a request's head with the length of its body.
func head(target string, length int, headers ...string) string {
	lines := append([]string{"POST " + target + " HTTP/1.1", "Host: x", fmt.Sprint("Content-Length: ", length)}, headers...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// status reads an answer, and says whether the connection ends behind it.
func status(t *testing.T, c net.Conn) (code int, ends bool) {
	t.Helper()
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Close
}

// trickle writes a body at a speed, as far as it is read.
func trickle(c net.Conn, body string, perSecond int) {
	for len(body) > 0 {
		n := min(len(body), perSecond/4)
		if _, err := io.WriteString(c, body[:n]); err != nil {
			return
		}
		body = body[n:]
		<-time.After(time.Second / 4)
	}
}

// TestMinimumSpeed: a body whose sender has proven nothing must not come slower than 16 KiB a second; one whose sender has may.
func TestMinimumSpeed(t *testing.T) {
	const size = 160 << 10
	open := fmt.Sprintf(`{"access_token":"EAAtestToken","data":[%s]%s}`, oneEvent, strings.Repeat(" ", size))
	page := `{"events":[{"event_name":"PageView"}]` + strings.Repeat(" ", size) + `}`
	for _, c := range []struct {
		name, target, body string
		headers            []string
		perSecond          int
		want               int
		least, most        time.Duration
	}{
		{"proof in the body, quick enough", graphPath, open, nil, 20 << 10, 200, 7 * time.Second, 9 * time.Second},
		{"proof in the body, slow", graphPath, open, nil, 8 << 10, 408, 6 * time.Second, 10 * time.Second},
		{"a page, quick enough", "/v1/website/collect", page, []string{"Origin: https://shop.example.com"}, 20 << 10, 202, 7 * time.Second, 9 * time.Second},
		{"a page, slow", "/v1/website/collect", page, []string{"Origin: https://shop.example.com"}, 8 << 10, 408, 6 * time.Second, 10 * time.Second},
		{"all but the end at once", graphPath, open, nil, 10 * size, 200, 0, time.Second},
		{"proven, slow", graphPath, padded(size), []string{goodToken}, 8 << 10, 200, 19 * time.Second, 21 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, f *fixture, p *piped) {
				began, conn := time.Now(), p.dial(t)
				if _, err := io.WriteString(conn, head(c.target, len(c.body), c.headers...)); err != nil {
					t.Fatal(err)
				}
				var sending sync.WaitGroup
				sending.Go(func() { trickle(conn, c.body, c.perSecond) })
				code, ends := status(t, conn)
				sending.Wait()
				if took := time.Since(began); code != c.want || took < c.least || took > c.most || ends != (code == http.StatusRequestTimeout) {
					t.Errorf("%d after %v, the connection ends: %v", code, took, ends)
				}
				synctest.Wait()
				if f.bodies.used != 0 {
					t.Errorf("%d bytes are not given back", f.bodies.used)
				}
			})
		})
	}
}

// TestGrace: who sends nothing of a body is waited for four seconds; so is who stops just before its end. A connection whose request
// was answered may rest as long as any.
func TestGrace(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, _ *fixture, p *piped) {
		body := `{"access_token":"EAAtestToken","data":[` + oneEvent + `]}`
		rested := p.dial(t)
		if _, err := io.WriteString(rested, head(graphPath, len(body))+body); err != nil {
			t.Fatal(err)
		}
		if code, ends := status(t, rested); code != http.StatusOK || ends {
			t.Fatalf("%d, the connection ends: %v", code, ends)
		}
		large := `{"access_token":"EAAtestToken","data":[` + oneEvent + strings.Repeat(" ", 1<<20) + `]}`
		for name, c := range map[string]struct{ body, sent string }{
			"nothing": {body, ""}, "all but the last byte": {body, body[:len(body)-1]}, "all but the last byte of a large one": {large, large[:len(large)-1]},
		} {
			began, conn := time.Now(), p.dial(t)
			if _, err := io.WriteString(conn, head(graphPath, len(c.body))+c.sent); err != nil {
				t.Fatal(err)
			}
			code, ends := status(t, conn)
			if took := time.Since(began); code != http.StatusRequestTimeout || !ends || took < grace || took > grace+time.Second {
				t.Errorf("%s: %d after %v, the connection ends: %v", name, code, took, ends)
			}
		}
		<-time.After(time.Minute)
		if _, err := io.WriteString(rested, head(graphPath, len(body))+body); err != nil {
			t.Fatal(err)
		}
		if code, _ := status(t, rested); code != http.StatusOK {
			t.Errorf("a rested connection: %d", code)
		}
	})
}

// TestWithheld: connections that withhold the last bytes of packed bodies, large ones or many, again and again, take nothing from
// proven senders, whether their proof is in the head or in the body.
func TestWithheld(t *testing.T) {
	const maxBody = 256 << 10
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, maxBody/2)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for _, c := range []struct {
		name      string
		attackers int
		body      []byte
		wait      time.Duration // until the oldest of its size gives way
	}{
		{"large", 16, zip(t, fmt.Appendf(nil, "{\"data\":[\"%x", noise)), 0},
		{"many", 64, zip(t, bytes.Repeat([]byte(padded(2000)), maxBody/2000)), givesWay},
	} {
		t.Run(c.name, func(t *testing.T) { withheld(t, maxBody, c.attackers, c.body, c.wait) })
	}
}

func withheld(t *testing.T, maxBody config.Size, attackers int, body []byte, wait time.Duration) {
	t.Helper()
	const rounds = 20
	small := func(o *Options) { o.Config.MaxBody, o.Config.MaxPending = maxBody, 8*maxBody }
	inBubble(t, small, func(t *testing.T, f *fixture, p *piped) {
		answers := make(chan int, attackers*rounds)
		withhold := func() {
			conn := p.dial(t)
			go func() { // a pipe has no room: the answer may come first
				_, _ = io.WriteString(conn, head(graphPath, len(body), "Content-Encoding: gzip"))
				_, _ = conn.Write(body[:len(body)-10])
			}()
			code, _ := status(t, conn)
			_ = conn.Close()
			answers <- code
		}
		var busy int64
		for range rounds {
			for range attackers {
				go withhold()
			}
			synctest.Wait()
			busy = max(busy, f.bodies.usedBy(unknownPool))
			<-time.After(wait)
			for name, body := range map[string]string{"head": oneBody, "body": `{"access_token":"EAAtestToken","data":[` + oneEvent + `]}`} {
				conn := p.dial(t)
				var headers []string
				if name == "head" {
					headers = []string{goodToken}
				}
				if _, err := io.WriteString(conn, head(graphPath, len(body), headers...)+body); err != nil {
					t.Fatal(err)
				}
				if code, _ := status(t, conn); code != http.StatusOK {
					t.Errorf("proof in the %s: %d", name, code)
				}
				if err := conn.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if full := f.bodies.pools[unknownPool].limit; busy < full-int64(maxBody) {
			t.Errorf("the attack held %d of %d bytes: it is none", busy, full)
		}
		<-time.After(2 * grace)
		synctest.Wait()
		if len(answers) != attackers*rounds {
			t.Errorf("%d of %d were answered", len(answers), attackers*rounds)
		}
		for range len(answers) {
			if code := <-answers; code != http.StatusServiceUnavailable && code != http.StatusRequestTimeout {
				t.Errorf("one who withholds: %d", code)
			}
		}
		if f.bodies.used != 0 {
			t.Errorf("%d bytes are not given back", f.bodies.used)
		}
	})
}

// TestPackedBodies: a packed body whose sender is not known yet is unpacked once all of it is here, whatever its size, and leaves the
// turns as they were.
func TestPackedBodies(t *testing.T) {
	f := newFixture(t, nil)
	for _, size := range []int{200, inTurn - 1, inTurn + 1, 1 << 20, 3 << 20} {
		var b strings.Builder
		b.WriteString(`{"access_token":"EAAtestToken","data":[` + oneEvent)
		rng := rand.New(rand.NewPCG(1, 2))
		for event := 1; b.Len() < size; event++ {
			b.WriteString(`,{"event_name":"Lead","own":"`)
			for b.Len() < event*size/20 {
				fmt.Fprintf(&b, "%x", rng.Uint64())
			}
			b.WriteString(`"}`)
		}
		packed := string(zip(t, []byte(b.String()+`]}`)))
		for name, want := range map[string]int{packed: http.StatusOK, packed[:len(packed)-9]: http.StatusBadRequest, "": http.StatusBadRequest} {
			if w := f.post(graphPath, name, "Content-Encoding: gzip"); w.Code != want {
				t.Errorf("%d bytes, %d packed: %d %s", size, len(name), w.Code, w.Body)
			}
		}
	}
	if len(f.turns) != 0 || f.bodies.used != 0 {
		t.Errorf("%d turns and %d bytes are not given back", len(f.turns), f.bodies.used)
	}
}

// TestHeldAsPacked: a packed body that is withheld takes no more room than has come of it.
func TestHeldAsPacked(t *testing.T) {
	bomb := zip(t, bytes.Repeat([]byte(padded(2000)), 4000))
	inBubble(t, nil, func(t *testing.T, f *fixture, p *piped) {
		for range 8 {
			conn := p.dial(t)
			if _, err := io.WriteString(conn, head(graphPath, len(bomb), "Content-Encoding: gzip")); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Write(bomb[:len(bomb)-100]); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if held := f.bodies.usedBy(unknownPool); held < int64(8*len(bomb)/2) || held > int64(8*(2*len(bomb)+firstRoom)) {
			t.Errorf("8 times %d bytes hold %d", len(bomb), held)
		}
	})
}
