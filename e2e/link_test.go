package e2e

import (
	"io"
	"net"
	"sync"
	"testing"
)

// link is a way to one address that can be cut: every connection over it ends at once and new ones end likewise, or it swallows
// what is sent and says nothing.
type link struct {
	addr, target string

	mu      sync.Mutex
	cut     bool
	silent  chan struct{} // closed while the link carries
	carried map[net.Conn]bool
	wait    sync.WaitGroup
}

func newLink(t *testing.T, target string) *link {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &link{addr: l.Addr().String(), target: target, silent: make(chan struct{}), carried: map[net.Conn]bool{}}
	close(k.silent)
	k.wait.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			k.wait.Go(func() { k.carry(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		k.setCut(true)
		k.wait.Wait()
	})
	return k
}

// setCut ends all connections, and lets none live until it is undone.
func (k *link) setCut(cut bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cut = cut; !cut {
		return
	}
	k.speak()
	for c := range k.carried {
		_ = c.Close()
	}
}

// setSilent holds back all bytes until it is undone.
func (k *link) setSilent(silent bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.speak(); silent {
		k.silent = make(chan struct{})
	}
}

func (k *link) speak() {
	select {
	case <-k.silent:
	default:
		close(k.silent)
	}
}

func (k *link) carry(c net.Conn) {
	defer c.Close()
	to, err := net.Dial("tcp", k.target)
	if err != nil {
		return
	}
	defer to.Close()
	k.mu.Lock()
	if k.cut {
		k.mu.Unlock()
		return
	}
	k.carried[c], k.carried[to] = true, true
	k.mu.Unlock()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{c, to}, {to, c}} {
		both.Go(func() {
			k.copy(way[1], way[0])
			_ = way[1].Close()
			_ = way[0].Close()
		})
	}
	both.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.carried, c)
	delete(k.carried, to)
}

func (k *link) copy(to io.Writer, from io.Reader) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		k.mu.Lock()
		silent := k.silent
		k.mu.Unlock()
		<-silent
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
