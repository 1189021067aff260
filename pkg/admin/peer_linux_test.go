package admin

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
)

// TestOwnerOf: the user of a connection's other end is found in whichever table its socket is, and not once it is closed.
func TestOwnerOf(t *testing.T) {
	for name, c := range map[string]struct{ listen, dial string }{
		"IPv4":         {"127.0.0.1:0", "127.0.0.1"},
		"IPv4 in IPv6": {":0", "127.0.0.1"},
		"IPv6":         {"[::1]:0", "::1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", c.listen)
			if err != nil && name == "IPv6" {
				t.Skip("THIS MACHINE HAS NO IPv6: ", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			_, port, _ := net.SplitHostPort(l.Addr().String())
			client, err := net.Dial("tcp", net.JoinHostPort(c.dial, port))
			if err != nil {
				t.Fatal(err)
			}
			server, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			p, _ := ConnContext(t.Context(), server).Value(peerKey{}).(*peer)
			if uid, err := ownerOf(p.addr, p.own); err != nil || uid != os.Geteuid() {
				t.Errorf("user %d, %v", uid, err)
			}
			if _, err := ownerOf(p.own, netip.AddrPortFrom(p.own.Addr(), 1)); !errors.Is(err, errNotInTable) {
				t.Errorf("a connection that nobody has: %v", err)
			}
			if err := client.Close(); err != nil {
				t.Fatal(err)
			}
			if uid, err := ownerOf(p.addr, p.own); !errors.Is(err, errNotInTable) && !errors.Is(err, errClosed) {
				t.Errorf("the closed socket is of user %d, %v", uid, err)
			}
		})
	}
}
