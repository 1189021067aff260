package stream

import (
	"context"
	"net"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol/metadata"
)

// routes says who leads which partition, as of one metadata response. It is never changed once made.
type routes struct {
	from    *metadata.ResponseTopic // identity of the response that it was made of
	topics  map[string]route
	brokers map[int32]string // id to host:port
}

// route is one topic: its partitions' leaders, noLeader for one without.
type route struct {
	leaders  []int32
	replicas int
	internal bool
}

const noLeader = -1

func newRoutes(m *metadata.Response) *routes {
	r := &routes{from: identity(m), topics: make(map[string]route, len(m.Topics)), brokers: make(map[int32]string, len(m.Brokers))}
	for _, b := range m.Brokers {
		r.brokers[b.NodeID] = net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port)))
	}
	for i := range m.Topics {
		t := &m.Topics[i]
		if len(t.Partitions) == 0 {
			continue // unknown, or being created
		}
		rt := route{leaders: make([]int32, len(t.Partitions)), replicas: len(t.Partitions[0].ReplicaNodes), internal: t.IsInternal}
		for j := range rt.leaders {
			rt.leaders[j] = noLeader
		}
		for _, p := range t.Partitions {
			if _, alive := r.brokers[p.LeaderID]; alive && int(p.PartitionIndex) < len(rt.leaders) {
				rt.leaders[p.PartitionIndex] = p.LeaderID
			}
		}
		r.topics[t.Name] = rt
	}
	return r
}

func identity(m *metadata.Response) *metadata.ResponseTopic {
	if len(m.Topics) == 0 {
		return nil
	}
	return &m.Topics[0]
}

// leader is the id of a partition's leader, noLeader if it has none or does not exist.
func (r *routes) leader(topic string, partition int) int32 {
	t, ok := r.topics[topic]
	if !ok || partition >= len(t.leaders) {
		return noLeader
	}
	return t.leaders[partition]
}

// gone says that a topic exists, and has no such partition.
func (r *routes) gone(topic string, partition int) bool {
	t, ok := r.topics[topic]
	return ok && partition >= len(t.leaders)
}

// missing lists those of topics that do not exist.
func (r *routes) missing(topics []string) []string {
	var out []string
	for _, t := range topics {
		if _, ok := r.topics[t]; !ok {
			out = append(out, t)
		}
	}
	return out
}

// routeCache keeps the routes of the last metadata response.
type routeCache struct {
	mu   sync.Mutex
	last atomic.Pointer[routes]
}

// currentRoutes returns who leads what, as the transport knows it now; no request is made for it.
func (c *Client) currentRoutes(ctx context.Context) (*routes, error) {
	m, err := c.metadata(ctx)
	if err != nil {
		return nil, err
	}
	if r := c.routes.last.Load(); r != nil && r.from != nil && r.from == identity(m) {
		return r, nil
	}
	c.routes.mu.Lock()
	defer c.routes.mu.Unlock()
	if r := c.routes.last.Load(); r != nil && r.from != nil && r.from == identity(m) {
		return r, nil
	}
	r := newRoutes(m)
	c.routes.last.Store(r)
	return r, nil
}

// freshRoutes asks the cluster before it answers.
func (c *Client) freshRoutes(ctx context.Context) (*routes, error) {
	c.refresh(ctx)
	return c.currentRoutes(ctx)
}

// dialLeader connects to a partition's leader. Unlike the Dialer's own lookup it never asks with auto-creation on.
func (c *Client) dialLeader(ctx context.Context, topic string, partition int) (*kafka.Conn, error) {
	r, err := c.currentRoutes(ctx)
	if err != nil {
		return nil, err
	}
	if r.leader(topic, partition) == noLeader {
		if r, err = c.freshRoutes(ctx); err != nil {
			return nil, err
		}
	}
	t, ok := r.topics[topic]
	id := r.leader(topic, partition)
	switch {
	case !ok || partition >= len(t.leaders):
		return nil, kafka.UnknownTopicOrPartition
	case id == noLeader:
		return nil, kafka.LeaderNotAvailable
	}
	host, port, err := net.SplitHostPort(r.brokers[id])
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	return c.dialer.DialPartition(ctx, "tcp", "", kafka.Partition{Topic: topic, ID: partition, Leader: kafka.Broker{Host: host, Port: n, ID: int(id)}})
}
