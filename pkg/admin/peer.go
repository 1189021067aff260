package admin

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
)

// owner says which user has the socket of a connection's other end, on this machine. Its error is errNoTable where the system has no
// table of them.
type owner func(peer, own netip.AddrPort) (uid int, err error)

var (
	errNoTable    = errors.New("the system does not say whose connection it is")
	errNotInTable = errors.New("nobody on this machine has the connection")
	errClosed     = errors.New("who had the connection has closed it")
)

// peer is the other end of a connection.
type peer struct {
	addr, own netip.AddrPort

	mu    sync.Mutex
	known bool
	uid   int
}

type peerKey struct{}

// ConnContext goes into the http.Server of every port that a guard watches: without it nobody is known by its user.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	remote, okRemote := c.RemoteAddr().(*net.TCPAddr)
	local, okLocal := c.LocalAddr().(*net.TCPAddr)
	if !okRemote || !okLocal {
		return ctx
	}
	return context.WithValue(ctx, peerKey{}, &peer{addr: unmapped(remote), own: unmapped(local)})
}

func unmapped(a *net.TCPAddr) netip.AddrPort {
	p := a.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}

// here says whether the other end is on this machine.
func (p *peer) here() bool { return p.addr.Addr().IsLoopback() || p.addr.Addr() == p.own.Addr() }

// user is the user who has the other end; it is looked up once a connection.
func (p *peer) user(owner owner) (uid int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known {
		return p.uid, nil
	}
	if p.uid, err = owner(p.addr, p.own); err != nil {
		return 0, err
	}
	p.known = true
	return p.uid, nil
}
