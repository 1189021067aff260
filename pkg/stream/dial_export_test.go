package stream

import (
	"context"
	"net"
)

// SetDialAll puts dial under all connections but those of the group's own requests.
func (c *Client) SetDialAll(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.transport.Dial, c.dialer.DialFunc = dial, dial
}
