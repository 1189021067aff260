package stream_test

import (
	"context"
	"slices"
	"sync/atomic"
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
	drained := make(chan time.Time, 1)
	_, stop := g.consume(func(ctx, drain context.Context, in <-chan stream.Chunk) {
		for c := range in {
			s.add(&c)
		}
		<-ctx.Done()
		<-drain.Done()
		drained <- time.Now()
	}, func(c *stream.GroupConfig) { c.Drain = limit })
	g.await("records", func() bool { return s.distinct() == 10 })
	began := time.Now() // before the stop: Work may hear of it late
	stop()
	if took := (<-drained).Sub(began); took < limit || took > limit+6*time.Second { // without a limit it is 8 s
		t.Errorf("drained for %s, want %s", took, limit)
	}
	if got := g.read(10, true).values(); !slices.Equal(got, numbers(0, 10)) {
		t.Errorf("what was not settled in time: %v", got)
	}
}

// TestDrainLongerThanASession: a member that drains for longer than a session while another joins still owns its partitions: it is
// alive, its last commit is taken, and the other begins behind it.
func TestDrainLongerThanASession(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 10)
	s := &seen{}
	drained := make(chan bool)
	var generations atomic.Int32
	_, stop := g.consume(func(ctx, drain context.Context, in <-chan stream.Chunk) {
		if generations.Add(1) > 1 {
			s.settleNone(ctx, drain, in)
			return
		}
		var held []stream.Chunk
		for c := range in {
			s.add(&c)
			held = append(held, c)
		}
		<-time.After(stream.Session + 2*time.Second)
		for _, c := range held {
			c.SettleAll()
		}
		drained <- stream.Alive(ctx)
	}, func(c *stream.GroupConfig) { c.Drain = 2 * stream.Session })
	g.await("records", func() bool { return s.distinct() == 10 })

	other := newGroundOn(t, g.addrs, 0)
	other.topic, other.group = g.topic, g.group
	heir := &seen{}
	_, stopOther := other.consume(heir.settleAll)
	if !<-drained {
		t.Error("not alive, and nobody else can own its partitions")
	}
	stop()
	g.publish(10, 11)
	g.await("the next record", func() bool { return heir.distinct() > 0 })
	stopOther()
	if got := heir.values(); !slices.Equal(got, numbers(10, 11)) {
		t.Errorf("read by the other: %v", got)
	}
}
