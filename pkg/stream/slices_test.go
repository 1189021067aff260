package stream_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// sliced is a connection on which answers come in slices of a few bytes, each a little later.
type sliced struct {
	net.Conn
	read int
}

// Read implements net.Conn.
func (c *sliced) Read(p []byte) (int, error) {
	if c.read++; c.read%64 == 0 {
		<-time.After(time.Millisecond)
	}
	return c.Conn.Read(p[:min(len(p), 1+c.read%7)])
}

// TestAnswersInSlices (F27): on a network that is slow and cuts everything up it takes longer, and that is all.
func TestAnswersInSlices(t *testing.T) {
	t.Parallel()
	g := newGround(t, 2)
	g.client.SetDialAll(func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &sliced{Conn: c}, nil
	})
	s := &seen{}
	_, stop := g.consume(s.settleAll)
	end := g.load(g.producer(stream.ProducerConfig{}), loadKeys...)
	g.await("records", func() bool { return s.distinct() > 300 })
	counts := end()
	g.await("all records", func() bool { return s.distinct() == sum(counts) })
	stop()
	g.inOrder(s, sum(counts))
	if got := len(g.stored()); got != sum(counts) {
		t.Errorf("%d records stored, want %d", got, sum(counts))
	}
}
