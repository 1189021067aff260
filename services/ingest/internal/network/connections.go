package network

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Reason is why a connection is refused: a closed list, the keys of the configuration.
type Reason string

// The reasons.
const (
	TooMany      Reason = "max_connections"
	TooManyOfOne Reason = "max_connections_per_network"
)

// Reasons is the list.
var Reasons = []Reason{TooMany, TooManyOfOne}

// oneOf is which part of all connections is kept for networks that have proven something.
const oneOf = 10

// patience is how long a connection may wait before it has to make room: less, and its request may be on its way.
const patience = time.Second

// Connections bounds how many connections there are, in all and of one client network. Where there are too many, one that waits
// for a request (or for the end of its head), the longest first, makes room for a new one; if none does, the new one is refused. It is safe for concurrent use.
type Connections struct {
	Max        int // 0: no limit
	PerNetwork int // 0: no limit
	Exempt     List
	TLS        bool               // clients speak TLS: who is refused cannot read why
	Proven     func(Network) bool // the network has proven something lately: a share is kept for those
	Refused    func(Reason)

	mu      sync.Mutex
	open    int
	of      map[netip.Prefix]*group
	waiting [2]list.List // of *conn: of strangers, of proven networks
}

// group is the connections of a network.
type group struct {
	open    int
	waiting list.List // of *conn
}

// conn is an open connection.
type conn struct {
	net.Conn
	in      *Connections
	network Network
	counted bool // by network
	gone    bool // not counted any more

	inAll, inGroup *list.Element // while it waits
	since          time.Time     // it does
	class          int           // of waiting
}

// Listen returns a listener whose connections are bounded. State must be the ConnState of their server.
func (c *Connections) Listen(l net.Listener) net.Listener { return &listener{l, c} }

// Open is how many connections there are.
func (c *Connections) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// State hears from the server what a connection does.
func (c *Connections) State(nc net.Conn, s http.ConnState) {
	if within, tls := nc.(interface{ NetConn() net.Conn }); tls {
		nc = within.NetConn()
	}
	k, ours := nc.(*conn)
	if !ours {
		return
	}
	proven := s == http.StateIdle && c.isProven(k)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch s {
	case http.StateIdle:
		c.wait(k, proven)
	case http.StateActive:
		c.work(k)
	case http.StateClosed, http.StateHijacked:
		c.leave(k)
	case http.StateNew: // admit has it wait
	}
}

// admit counts a connection; the connection that makes room for it is to be closed.
func (c *Connections) admit(k *conn) (out *conn, refused Reason) {
	proven := c.isProven(k)
	c.mu.Lock()
	defer c.mu.Unlock()
	if out, refused = c.room(k, proven); refused != "" {
		return nil, refused
	}
	if out != nil {
		c.leave(out)
	}
	c.open++
	for _, p := range k.prefixes() {
		if c.of == nil {
			c.of = map[netip.Prefix]*group{}
		}
		if c.of[p] == nil {
			c.of[p] = &group{}
		}
		c.of[p].open++
	}
	c.wait(k, proven)
	return out, ""
}

// room says what has to go for a connection.
func (c *Connections) room(k *conn, proven bool) (out *conn, refused Reason) {
	if c.PerNetwork > 0 && k.counted {
		own, wide := c.of[k.network.narrow], c.of[k.network.wide]
		full := own != nil && own.open >= c.PerNetwork
		if k.network.wide != k.network.narrow {
			full = full || wide != nil && wide.open >= Wider*c.PerNetwork
		}
		if full {
			if own != nil {
				out = longest(&own.waiting)
			}
			if out == nil {
				return nil, TooManyOfOne
			}
			return out, ""
		}
	}
	most := c.Max
	if !proven {
		most -= c.Max / oneOf
	}
	if c.Max <= 0 || c.open < most {
		return nil, ""
	}
	if out = longest(&c.waiting[0]); out == nil && proven {
		out = longest(&c.waiting[1])
	}
	if out == nil {
		return nil, TooMany
	}
	return out, ""
}

// longest is the connection that waits the longest, nil if none has waited for the patience.
func longest(waiting *list.List) *conn {
	first := waiting.Front()
	if first == nil {
		return nil
	}
	k := first.Value.(*conn) //nolint:forcetypeassert // the list holds nothing else
	if time.Since(k.since) < patience {
		return nil
	}
	return k
}

// isProven says whether a connection may have those that are kept: nobody else's network is told apart.
func (c *Connections) isProven(k *conn) bool {
	return !k.counted || c.Proven != nil && c.Proven(k.network)
}

// wait puts a connection last among those that wait for a request.
func (c *Connections) wait(k *conn, proven bool) {
	if k.gone || k.inAll != nil {
		return
	}
	if k.class = 0; proven {
		k.class = 1
	}
	k.since = time.Now()
	k.inAll = c.waiting[k.class].PushBack(k)
	if k.counted {
		k.inGroup = c.of[k.network.narrow].waiting.PushBack(k)
	}
}

// work takes a connection from those that wait.
func (c *Connections) work(k *conn) {
	if k.inAll == nil {
		return
	}
	c.waiting[k.class].Remove(k.inAll)
	if k.inGroup != nil {
		c.of[k.network.narrow].waiting.Remove(k.inGroup)
	}
	k.inAll, k.inGroup = nil, nil
}

// leave counts a connection no more.
func (c *Connections) leave(k *conn) {
	if k.gone {
		return
	}
	c.work(k)
	k.gone = true
	c.open--
	for _, p := range k.prefixes() {
		if g := c.of[p]; g.open > 1 {
			g.open--
		} else {
			delete(c.of, p)
		}
	}
}

// prefixes are what a connection counts for.
func (k *conn) prefixes() []netip.Prefix {
	switch {
	case !k.counted:
		return nil
	case k.network.narrow == k.network.wide:
		return []netip.Prefix{k.network.narrow}
	}
	return []netip.Prefix{k.network.narrow, k.network.wide}
}

// Close closes the connection and makes room.
func (k *conn) Close() error {
	k.in.mu.Lock()
	k.in.leave(k)
	k.in.mu.Unlock()
	return k.Conn.Close()
}
