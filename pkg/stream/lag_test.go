package stream_test

import (
	"context"
	"maps"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestLagComesAndGoesWithTheAssignment: a partition's figures are there while this process owns it, and tell what is not
// settled; then they are gone.
func TestLagComesAndGoesWithTheAssignment(t *testing.T) {
	t.Parallel()
	const records, age = "omnicapi_consumer_lag_records", "omnicapi_consumer_oldest_age_seconds"
	g := newGround(t, 2)
	p := g.producer(stream.ProducerConfig{})
	for i := range 10 { // all in partition 0
		if err := p.Publish(t.Context(), g.record(string(stream.KeyIn(0, 2)), i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := g.metric(records); len(got) != 0 {
		t.Errorf("without an assignment: %v", got)
	}
	settle := make(chan struct{})
	s := &seen{}
	_, stop := g.consume(func(ctx, _ context.Context, in <-chan stream.Chunk) {
		var held []stream.Chunk
		for c := range in {
			s.add(&c)
			if held = append(held, c); s.distinct() == 10 {
				select {
				case <-settle:
				case <-ctx.Done():
				}
				for _, c := range held {
					c.SettleAll()
				}
			}
		}
	})
	g.await("records", func() bool { return s.distinct() == 10 })
	g.await("the lag before settling", func() bool { return maps.Equal(g.metric(records), map[string]float64{"0": 10, "1": 0}) })
	if got := g.metric(age); len(got) != 2 || got["0"] <= 0 || got["0"] > patience.Seconds() || got["1"] != 0 {
		t.Errorf("age before settling: %v", got)
	}
	// Another group in this process on the same topic: the worse figures are shown, each once.
	fast := &seen{}
	_, stopFast := g.consume(fast.settleAll, func(c *stream.GroupConfig) { c.Group += ".fast" })
	g.await("the other group", func() bool { return fast.distinct() == 10 })
	g.await("the lag of two groups", func() bool { return maps.Equal(g.metric(records), map[string]float64{"0": 10, "1": 0}) })
	stopFast()
	close(settle)
	g.await("no lag", func() bool { return maps.Equal(g.metric(records), map[string]float64{"0": 0, "1": 0}) })
	if got := g.metric(age); got["0"] != 0 {
		t.Errorf("age after settling: %v", got)
	}
	stop()
	if r, a := g.metric(records), g.metric(age); len(r) != 0 || len(a) != 0 {
		t.Errorf("after the assignment: %v, %v", r, a)
	}
}

// TestLagGrowsWithoutRoom: a consumer that takes no more still says how much waits.
func TestLagGrowsWithoutRoom(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 10)
	full := make(chan struct{})
	_, _ = g.consume(func(ctx, _ context.Context, in <-chan stream.Chunk) {
		<-in
		close(full)
		<-ctx.Done()
	})
	<-full
	for end := 20; end <= 60; end += 20 { // the second fetch waits to be taken, and there is no third
		g.publish(end-20+10, end+10)
		g.await("the lag", func() bool { return g.metric("omnicapi_consumer_lag_records")["0"] == float64(end+10) })
	}
}
