package stream_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestDrainCommitsWhatIsSettledInTime: a stop waits for Work, and what Work settles while it drains is committed.
func TestDrainCommitsWhatIsSettledInTime(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 10)
	s := &seen{}
	_, stop := g.consume(func(ctx, _ context.Context, in <-chan stream.Chunk) {
		var held []stream.Chunk
		for c := range in {
			s.add(&c)
			held = append(held, c)
		}
		<-ctx.Done()
		for _, c := range held {
			c.SettleAll()
		}
	})
	g.await("records", func() bool { return s.distinct() == 10 })
	stop()
	g.publish(10, 11)
	if got := g.read(1, true).values(); !slices.Equal(got, numbers(10, 11)) {
		t.Errorf("after the drain: %v", got)
	}
}

// TestDrainEndsAtItsLimit: Work that settles nothing is told to return when Drain is over, not before.
func TestDrainEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	const limit = 300 * time.Millisecond
	g := newGround(t, 1)
	g.publish(0, 10)
	s := &seen{}
	drained := make(chan time.Duration, 1)
	_, stop := g.consume(func(ctx, drain context.Context, in <-chan stream.Chunk) {
		for c := range in {
			s.add(&c)
		}
		<-ctx.Done()
		began := time.Now()
		<-drain.Done()
		drained <- time.Since(began)
	}, func(c *stream.GroupConfig) { c.Drain = limit })
	g.await("records", func() bool { return s.distinct() == 10 })
	stop()
	if took := <-drained; took < limit*9/10 || took > limit+5*time.Second {
		t.Errorf("drained for %s, want %s", took, limit)
	}
	if got := g.read(10, true).values(); !slices.Equal(got, numbers(0, 10)) {
		t.Errorf("what was not settled in time: %v", got)
	}
}
