package stream_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestRestartedBrokerLosesAndRepeatsNothing publishes and consumes while the broker goes away and comes back, twice:
// every Publish succeeds, every record is stored once and in order, and all of them are delivered.
func TestRestartedBrokerLosesAndRepeatsNothing(t *testing.T) {
	addrs, kill, start := kafkatest.Stoppable(t) // not parallel: on Apache Kafka it is everybody's broker
	g := newGroundOn(t, addrs, 2)
	p := g.producer(stream.ProducerConfig{})
	s := &seen{}
	var generations atomic.Int64
	_, stop := g.consume(func(ctx, drain context.Context, in <-chan stream.Chunk) {
		generations.Add(1)
		s.settleAll(ctx, drain, in)
	})
	end := g.load(p, loadKeys...)
	for range 2 {
		before, generation := s.distinct(), generations.Load()
		g.await("progress", func() bool { return s.distinct() > before+100 })
		kill()
		g.await("callers that wait", func() bool { return p.Pending() > 0 })
		start()
		g.await("the next generation", func() bool { return generations.Load() > generation })
	}
	before := s.distinct()
	g.await("progress after the restarts", func() bool { return s.distinct() > before+100 })
	counts := end()
	g.await("all records", func() bool { return s.distinct() == sum(counts) })
	stop()
	g.inOrder(s, sum(counts))
	// The generation's own connection died with the broker; its last commit is said anew where that is back in time.
	if _, kind := kafkatest.Brokers(t); kind != kafkatest.Env && len(s.values())-s.distinct() > sum(counts)/10 {
		t.Errorf("%d of %d records came twice", len(s.values())-s.distinct(), sum(counts))
	}
	stored := map[string][]string{}
	for _, r := range g.storedRecords() {
		stored[string(r.Key)] = append(stored[string(r.Key)], string(r.Value))
	}
	for key, n := range counts {
		if !slices.Equal(stored[key], numbers(0, n)) {
			t.Errorf("key %s: %d records stored, want %d, each once and in order", key, len(stored[key]), n)
		}
	}
}
