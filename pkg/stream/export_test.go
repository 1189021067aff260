package stream

import (
	"context"
	"net"
)

// SetDial puts dial under the producers' and admin calls' connections.
func (c *Client) SetDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.transport.Dial = dial
}

// Producers is how many producer ids this producer has had so far: at most one a ban.
func (p *Producer) ProducerID() int64 { return p.ids.id }
