package stream_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// network is a client's connections to the brokers, with faults in the answers to Produce.
type network struct {
	lose     atomic.Int64 // answers to lose: the broker has done its work, the client never hears of it
	produced atomic.Int64 // requests
	silent   atomic.Value // the address of a broker that hangs, a string
	mu       sync.Mutex
	held     chan struct{} // nil: answers come at once
}

// hold keeps back answers until release.
func (n *network) hold() (release func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	held := make(chan struct{})
	n.held = held
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.held = nil
		close(held)
	}
}

func (n *network) holding() chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.held
}

func (n *network) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &faulty{Conn: c, network: n}, nil
}

// faulty is a connection; it carries one request at a time.
type faulty struct {
	net.Conn
	network *network
	rest    int // of the request that is being written
	produce atomic.Bool
}

// Write implements net.Conn.
func (c *faulty) Write(p []byte) (int, error) {
	const head = 6 // length and api key
	if c.rest <= 0 && len(p) >= head {
		c.rest = 4 + int(binary.BigEndian.Uint32(p))
		c.produce.Store(binary.BigEndian.Uint16(p[4:]) == 0)
		if c.produce.Load() {
			c.network.produced.Add(1)
		}
	}
	c.rest -= len(p)
	return c.Conn.Write(p)
}

// Read implements net.Conn.
func (c *faulty) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for err == nil && c.network.silent.Load() == c.RemoteAddr().String() {
		n, err = c.Conn.Read(p)
	}
	if !c.produce.Load() || err != nil {
		return n, err
	}
	if held := c.network.holding(); held != nil {
		<-held
	}
	if c.network.lose.Load() > 0 {
		c.network.lose.Add(-1)
		_ = c.Close() // it ends for kafka-go too
		return 0, io.EOF
	}
	return n, nil
}
