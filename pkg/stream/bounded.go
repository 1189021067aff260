package stream

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// silence bounds each read and write for which kafka-go sets no deadline: its SASL handshakes, and requests of a Conn. A broker
// that hangs, or a cable that is cut, would hold them for ever.
const silence = 10 * time.Second

// bounded is a connection on which nothing waits for ever.
type bounded struct {
	net.Conn
	reading, writing atomic.Bool // there is a deadline
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// boundedDial makes dial's connections bounded.
func boundedDial(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &bounded{Conn: c}, nil
	}
}

// Read implements net.Conn.
func (c *bounded) Read(p []byte) (int, error) {
	if !c.reading.Load() {
		if err := c.Conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Read(p)
}

// Write implements net.Conn.
func (c *bounded) Write(p []byte) (int, error) {
	if !c.writing.Load() {
		if err := c.Conn.SetWriteDeadline(time.Now().Add(silence)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(p)
}

// SetDeadline implements net.Conn.
func (c *bounded) SetDeadline(t time.Time) error {
	c.reading.Store(!t.IsZero())
	c.writing.Store(!t.IsZero())
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline implements net.Conn.
func (c *bounded) SetReadDeadline(t time.Time) error {
	c.reading.Store(!t.IsZero())
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline implements net.Conn.
func (c *bounded) SetWriteDeadline(t time.Time) error {
	c.writing.Store(!t.IsZero())
	return c.Conn.SetWriteDeadline(t)
}
