package stream_test

import (
	"bytes"
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestOneBusyPartitionStarvesNoOther (F76): nearly all events have one key, and their partition never runs dry. What comes for the
// others in the same process is handled all the same.
func TestOneBusyPartitionStarvesNoOther(t *testing.T) {
	t.Parallel()
	const partitions, each = 4, 20
	g := newGround(t, partitions)
	p := g.producer(stream.ProducerConfig{})
	flood := make([]stream.Record, 20)
	for i := range flood {
		flood[i] = stream.Record{Topic: g.topic, Key: stream.KeyIn(0, partitions), Value: bytes.Repeat([]byte("x"), 20_000)}
	}
	done, flooded := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-done:
				flooded <- nil
				return
			default:
			}
			if err := p.Publish(g.Context(), flood...); err != nil {
				flooded <- err
				return
			}
		}
	}()
	var busy, others atomic.Int64
	_, stop := g.consume(func(_, _ context.Context, in <-chan stream.Chunk) {
		for c := range in {
			if c.Partition == 0 {
				busy.Add(int64(len(c.Records)))
			} else {
				others.Add(int64(len(c.Records)))
			}
			c.SettleAll()
		}
	})
	g.await("the flood", func() bool { return busy.Load() > 100 })
	var few []stream.Record
	for partition := 1; partition < partitions; partition++ {
		for range each {
			few = append(few, stream.Record{Topic: g.topic, Key: stream.KeyIn(partition, partitions), Value: []byte("one of few")})
		}
	}
	if err := p.Publish(t.Context(), few...); err != nil {
		t.Fatal(err)
	}
	g.await("the others", func() bool { return others.Load() == (partitions-1)*each })
	close(done)
	if err := <-flooded; err != nil {
		t.Error(err)
	}
	stop()
}

// TestRebalancesLeaveNothing (F68): generation after generation, a member has as many goroutines as before.
func TestRebalancesLeaveNothing(t *testing.T) { //nolint:paralleltest // it counts the goroutines of the process
	g := newGround(t, 2)
	member, stop := g.consume((&seen{}).settleAll)
	const rebalances = "omnicapi_consumer_rebalances_total"
	whole := func() bool { return len(g.metric("omnicapi_consumer_lag_records")) == 2 && member.Ready() == nil }
	g.await("both partitions", whole)
	round := func() {
		before := g.figure(rebalances).value
		other := newGroundOn(t, g.addrs, 0)
		other.topic, other.group = g.topic, g.group
		_, stopOther := other.consume((&seen{}).settleAll)
		g.await("the other's partition", func() bool { return other.figure(rebalances).value > 0 })
		stopOther()
		other.client.Close()
		// A member that is slow may come to both rebalances, the other's coming and its going, in one.
		g.await("both partitions again", func() bool { return g.figure(rebalances).value > before && whole() })
	}
	round()
	before := ours()
	const rounds = 5
	for range rounds {
		round()
	}
	// A fetcher that connects has a goroutine more for a moment; what is left behind would be there once a round.
	g.await("the goroutines of before", func() bool { return ours() < before+rounds })
	stop()
}

// ours is how many goroutines of this process have to do with consumers.
func ours() (n int) {
	buf := make([]byte, 1<<20)
	for len(buf) < 1<<26 {
		if size := runtime.Stack(buf, true); size < len(buf) {
			buf = buf[:size]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		if strings.Contains(stack, "pkg/stream.(*") || strings.Contains(stack, "segmentio/kafka-go") {
			n++
		}
	}
	return n
}
