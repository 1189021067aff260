package stream

import (
	"context"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
)

// Session is how long Kafka keeps a member of which it hears nothing.
const Session = session

// Heartbeats sends heartbeats of a generation.
func (c *Client) Heartbeats(g *kafka.Generation) func(context.Context) error { return c.heartbeats(g) }

// SetDial puts dial under the connections of producers and admin calls.
func (c *Client) SetDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.transport.Dial = dial
}

// KeepMetadata makes what is known of the cluster valid for longer than any test; it is called before the client is used.
func (c *Client) KeepMetadata() { c.transport.MetadataTTL = time.Hour }

// KeyIn finds a key of the given partition.
func KeyIn(partition, partitions int) []byte {
	for key := []byte{0}; ; key[0]++ {
		if partitionOf(key, partitions) == partition {
			return key
		}
	}
}

// Waiting is how many records of a partition wait for their request.
func (p *Producer) Waiting(topic string, partition int) (n int) {
	p.queuesMu.RLock()
	q := p.queues[topic][partition]
	p.queuesMu.RUnlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range q.waiting {
		n += b.count
	}
	return n
}

// Diagnosed is when the client last tried whether Kafka can be used.
func (c *Client) Diagnosed() time.Time {
	c.trouble.asking.Lock()
	defer c.trouble.asking.Unlock()
	return c.trouble.asked
}
