package stream_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestLostRecordsAreSaid: retention passed the group's position. The gap is logged and counted, the rest is delivered,
// and a restart does not count it again.
func TestLostRecordsAreSaid(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.commit(5)
	kafkatest.DeleteBefore(t, g.topic, 0, 12)
	if got := g.read(8, false).values(); !slices.Equal(got, numbers(12, 20)) {
		t.Errorf("delivered %v", got)
	}
	if g.log.with("records are gone before they were consumed") != 1 || g.log.with("from=5 to=12") != 1 {
		t.Errorf("the log does not say once what is gone:\n%s", g.log)
	}
	const name = "omnicapi_consumer_lost_records_total"
	if got := g.metric(name); !maps.Equal(got, map[string]float64{"0": 7}) {
		t.Errorf("counted %v", got)
	}
	if at := g.committed(); at != 12 {
		t.Errorf("committed %d", at)
	}
	g.read(8, true)
	if got := g.metric(name)["0"]; got != 7 {
		t.Errorf("counted %v after a restart", got)
	}
}

// TestPositionPastTheEnd: the topic was made anew under a group that had come further. What it holds is delivered, and
// what is settled is committed.
func TestPositionPastTheEnd(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.commit(1000)
	if got := g.read(20, true).values(); !slices.Equal(got, numbers(0, 20)) {
		t.Errorf("delivered %v", got)
	}
	if g.log.with("past the partition's end") != 1 {
		t.Errorf("the log does not say it once:\n%s", g.log)
	}
	g.publish(20, 25)
	if got := g.read(5, true).values(); !slices.Equal(got, numbers(20, 25)) {
		t.Errorf("after the commit: %v", got)
	}
}

// TestAGroupWithoutOffsetsBeginsAtTheStart, whatever is in the topic.
func TestAGroupWithoutOffsetsBeginsAtTheStart(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	kafkatest.DeleteBefore(t, g.topic, 0, 3)
	if got := g.read(17, true, func(c *stream.GroupConfig) { c.Lookback = 10 }); !slices.Equal(got.values(), numbers(3, 20)) || got.history != 0 {
		t.Errorf("delivered %v, history %d", got.values(), got.history)
	}
	if g.log.with("ERROR") != 0 {
		t.Errorf("a new group is no loss:\n%s", g.log)
	}
}

// TestNeverCommitted: of a group that is to have all of its topic, retention took the beginning before the group's first commit.
// That is a loss, of at most so many; a restart does not say it again.
func TestNeverCommitted(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	kafkatest.DeleteBefore(t, g.topic, 0, 3)
	var losses losses
	whole := func(c *stream.GroupConfig) { c.Whole, c.Lost = true, losses.record }
	if got := g.read(17, true, whole).values(); !slices.Equal(got, numbers(3, 20)) {
		t.Errorf("delivered %v", got)
	}
	g.publish(20, 22)
	if got := g.read(2, true, whole).values(); !slices.Equal(got, numbers(20, 22)) {
		t.Errorf("delivered %v", got)
	}
	want := stream.Loss{Group: g.group, Topic: g.topic, From: 0, To: 3, Cause: fault.NeverCommitted}
	if got := losses.all(); !slices.Equal(got, []stream.Loss{want}) {
		t.Errorf("recorded %v", got)
	}
	if got := g.metric("omnicapi_consumer_lost_records_total")["0"]; got != 3 || g.log.with("ERROR") != 1 {
		t.Errorf("counted %v:\n%s", got, g.log)
	}
}

// TestLossIsRecordedFirst: while a loss can't be recorded, nothing is delivered or committed past it, and the consumer is not ready;
// who comes after it says the loss again.
func TestLossIsRecordedFirst(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.commit(5)
	kafkatest.DeleteBefore(t, g.topic, 0, 12)
	var tries atomic.Int64
	s := &seen{}
	member, stop := g.consume(s.settleAll, func(c *stream.GroupConfig) {
		c.Lost = func(context.Context, stream.Loss) error { tries.Add(1); return errors.New("no room") }
	})
	g.await("tries", func() bool { return tries.Load() > 2 })
	if err := member.Ready(); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("ready: %v", err)
	}
	stop()
	if at := g.committed(); at != 5 || s.distinct() != 0 || len(g.metric("omnicapi_consumer_lost_records_total")) != 0 {
		t.Errorf("committed %d, delivered %v", at, s.values())
	}
	var losses losses
	losses.failures = 2
	if got := g.read(8, true, func(c *stream.GroupConfig) { c.Lost = losses.record }).values(); !slices.Equal(got, numbers(12, 20)) {
		t.Errorf("delivered %v", got)
	}
	want := stream.Loss{Group: g.group, Topic: g.topic, From: 5, To: 12, Cause: fault.Retention}
	if got := losses.all(); !slices.Equal(got, []stream.Loss{want}) {
		t.Errorf("recorded %v", got)
	}
}

// losses is where they are recorded, after some failures.
type losses struct {
	mu       sync.Mutex
	failures int
	recorded []stream.Loss
}

func (l *losses) record(_ context.Context, loss stream.Loss) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failures > 0 {
		l.failures--
		return errors.New("not yet")
	}
	l.recorded = append(l.recorded, loss)
	return nil
}

func (l *losses) all() []stream.Loss {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.recorded)
}
