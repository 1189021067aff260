package stream_test

import (
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// load publishes from one caller a key until stop, which returns how many each has published.
func (g *ground) load(p *stream.Producer, keys ...string) (stop func() map[string]int) {
	end := make(chan struct{})
	counts := make([]chan int, len(keys))
	for i, key := range keys {
		counts[i] = make(chan int, 1)
		go func() {
			tick := time.NewTicker(2 * time.Millisecond)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-end:
					counts[i] <- n
					return
				case <-tick.C:
				}
				if err := p.Publish(g.Context(), g.record(key, n)); err != nil {
					g.Errorf("publishing %s %d: %v", key, n, err)
					counts[i] <- n
					return
				}
			}
		}()
	}
	return func() map[string]int {
		close(end)
		all := map[string]int{}
		for i, key := range keys {
			all[key] = <-counts[i]
		}
		return all
	}
}

var loadKeys = []string{"a", "b", "c", "d", "e", "f"}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// TestMembersComeAndGo: members join and leave under load; every record is delivered, first deliveries in order.
func TestMembersComeAndGo(t *testing.T) {
	t.Parallel()
	g := newGround(t, 4)
	end := g.load(g.producer(stream.ProducerConfig{}), loadKeys...)
	s := &seen{}
	_, stop := g.consume(s.settleAll)
	for range 2 {
		before := s.distinct()
		g.await("the first member's progress", func() bool { return s.distinct() > before+50 })
		next, stopNext := g.consume(s.settleAll)
		g.await("the second member", func() bool { return next.Ready() == nil })
		before = s.distinct()
		g.await("the two members' progress", func() bool { return s.distinct() > before+50 })
		stop() // and the second goes on alone
		stop = stopNext
	}
	want := sum(end())
	g.await("all records", func() bool { return s.distinct() == want })
	stop()
	g.inOrder(s, want)
}

// TestPartitionsAddedWhileRunning are consumed from their start.
func TestPartitionsAddedWhileRunning(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	s := &seen{}
	c, _ := g.consume(s.settleAll)
	g.await("the member", func() bool { return c.Ready() == nil })
	on := kafka.TopicPartitionAssignment{BrokerIDs: []int32{g.brokerID()}}
	res, err := g.admin().CreatePartitions(t.Context(), &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{
		{Name: g.topic, Count: 3, TopicPartitionAssignments: []kafka.TopicPartitionAssignment{on, on}},
	}})
	if err != nil || res.Errors[g.topic] != nil {
		t.Fatal(err, res)
	}
	g.await("the partitions", func() bool {
		infos, err := g.client.Topics(t.Context(), g.topic)
		return err == nil && len(infos) == 1 && infos[0].Partitions == 3
	})
	g.publish(0, 60)
	g.await("records of all partitions", func() bool { return s.distinct() == 60 })
}
