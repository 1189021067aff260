package stream_test

import (
	"context"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestMembersKilledWhileJoining: one after another members die while they join, without leaving the group. A session
// later the member that is alive has every partition, and what they held up is consumed.
func TestMembersKilledWhileJoining(t *testing.T) {
	t.Parallel()
	g := newGround(t, 8)
	s := &seen{}
	var generations atomic.Int64
	_, stop := g.consume(func(ctx, drain context.Context, in <-chan stream.Chunk) {
		generations.Add(1)
		s.settleAll(ctx, drain, in)
	})
	g.await("the member", func() bool { return generations.Load() == 1 })
	end := g.load(g.producer(stream.ProducerConfig{}), loadKeys...)
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for range 10 {
		g.dieJoining()
		<-tick.C
	}
	g.await("a generation with the dead in it", func() bool { return generations.Load() > 1 })
	counts := end()
	g.publish(0, 200) // over all partitions
	g.await("all records", func() bool { return s.distinct() == 200+sum(counts) })
	stop()
}

// dieJoining sends the request of a member that joins, and ends its connection before the answer.
func (g *ground) dieJoining() {
	g.Helper()
	res, err := g.admin().FindCoordinator(g.Context(), &kafka.FindCoordinatorRequest{Key: g.group})
	if err != nil || res.Error != nil {
		g.Fatal(err, res)
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(res.Coordinator.Host, strconv.Itoa(res.Coordinator.Port)))
	if err != nil {
		g.Fatal(err)
	}
	defer conn.Close()
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.ProtocolType = 2, g.group, "consumer"
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = 6000, 30_000 // the least that brokers take
	p, subscription := kmsg.NewJoinGroupRequestProtocol(), kmsg.NewConsumerMemberMetadata()
	subscription.Topics = []string{g.topic}
	p.Name, p.Metadata = "range", subscription.AppendTo(nil)
	req.Protocols = append(req.Protocols, p)
	if _, err := conn.Write(kmsg.NewRequestFormatter().AppendRequest(nil, req, 1)); err != nil {
		g.Fatal(err)
	}
}
