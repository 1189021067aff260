package httpapi

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
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
		{"proof in the body, slow", graphPath, open, nil, 8 << 10, 408, 7 * time.Second, 10 * time.Second},
		{"a page, quick enough", "/v1/website/collect", page, []string{"Origin: https://shop.example.com"}, 20 << 10, 202, 7 * time.Second, 9 * time.Second},
		{"a page, slow", "/v1/website/collect", page, []string{"Origin: https://shop.example.com"}, 8 << 10, 408, 7 * time.Second, 10 * time.Second},
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
		for name, sent := range map[string]string{"nothing": "", "all but the last byte": body[:len(body)-1]} {
			began, conn := time.Now(), p.dial(t)
			if _, err := io.WriteString(conn, head(graphPath, len(body))+sent); err != nil {
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

// TestWithheld: connections that unpack to the largest body and withhold their last bytes, again and again, take nothing from
// proven senders, whether their proof is in the head or in the body.
func TestWithheld(t *testing.T) {
	const maxBody, attackers, rounds = 256 << 10, 16, 20
	small := func(o *Options) { o.Config.MaxBody, o.Config.MaxPending = maxBody, 8*maxBody }
	bomb := zip(t, bytes.Repeat([]byte(padded(2000)), maxBody/2000))
	inBubble(t, small, func(t *testing.T, f *fixture, p *piped) {
		answers := make(chan int, attackers*rounds*10)
		withhold := func() {
			conn := p.dial(t)
			if _, err := io.WriteString(conn, head(graphPath, len(bomb), "Content-Encoding: gzip")); err != nil {
				return
			}
			_, _ = conn.Write(bomb[:len(bomb)-10])
			code, _ := status(t, conn)
			answers <- code
		}
		var busy int64
		for range rounds {
			for range attackers {
				go withhold()
			}
			synctest.Wait()
			busy = max(busy, f.bodies.usedBy(unknownPool))
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
		if busy < maxBody {
			t.Errorf("the attack held %d bytes: it is none", busy)
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
