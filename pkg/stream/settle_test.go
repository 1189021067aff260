package stream_test

import (
	"context"
	"slices"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestUnsettledIsDeliveredAgain: what a consumer does not settle the next one gets; what it settles comes back only as
// history.
func TestUnsettledIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	g := newGround(t, 3)
	g.publish(0, 100)
	lookback := func(c *stream.GroupConfig) { c.Lookback = 5 }
	for _, settle := range []bool{false, true} {
		s := g.read(100, settle, lookback)
		if got := sorted(s.values()); !slices.Equal(got, sorted(numbers(0, 100))) || s.history != 0 {
			t.Fatalf("settle=%v: %d records, %d of history", settle, len(got), s.history)
		}
	}
	g.publish(100, 130)
	s := g.read(30, true, lookback)
	if got := sorted(s.values()); !slices.Equal(got, numbers(100, 130)) {
		t.Errorf("after the commit: %v", got)
	}
	if s.history < 10 || s.history > 15 { // five a partition that has as many
		t.Errorf("%d records of history", s.history)
	}
}

// TestOnlyTheContiguousRunIsCommitted settles backwards and leaves one out: all from it on is delivered again.
func TestOnlyTheContiguousRunIsCommitted(t *testing.T) {
	t.Parallel()
	const n, open = 50, 20
	g := newGround(t, 1)
	g.publish(0, n)
	s := &seen{}
	_, stop := g.consume(func(_, _ context.Context, in <-chan stream.Chunk) {
		for c := range in {
			s.add(&c)
			for i := len(c.Records) - 1; i >= 0; i-- {
				if string(c.Records[i].Value) != numbers(open, n)[0] {
					c.Settle(i)
				}
			}
		}
	})
	g.await("records", func() bool { return s.distinct() == n })
	stop()
	if got := g.read(n-open, true).values(); !slices.Equal(got, numbers(open, n)) {
		t.Errorf("delivered again: %v, want %d to %d", got, open, n-1)
	}
}

// TestOrderPerKey publishes from many callers at once: each key's records arrive in the order of its publishing.
func TestOrderPerKey(t *testing.T) {
	t.Parallel()
	const keys, each = 8, 60
	g := newGround(t, 3)
	p := g.producer(stream.ProducerConfig{})
	done := make(chan error, keys)
	for k := range keys {
		go func() {
			var err error
			for i := 0; i < each && err == nil; i++ {
				if i%20 == 10 {
					g.network.lose.Add(1) // a retry must not overtake, nor be overtaken
				}
				err = p.Publish(t.Context(), g.record(string(rune('a'+k)), i))
			}
			done <- err
		}()
	}
	for range keys {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	s := g.read(keys*each, false)
	g.inOrder(s, keys*each)
}

// inOrder fails unless n different records were seen, those of each key in order when first seen.
func (g *ground) inOrder(s *seen, n int) {
	g.Helper()
	next, all := map[string]int{}, 0
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.records {
		key, want := string(s.records[i].Key), numbers(next[string(s.records[i].Key)], next[string(s.records[i].Key)]+1)[0]
		switch got := string(s.records[i].Value); {
		case got == want:
			next[key]++
			all++
		case !slices.Contains(numbers(0, next[key]), got): // not a repeat
			g.Fatalf("key %s: %s came before %s", key, got, want)
		}
	}
	if all != n {
		g.Errorf("%d different records, want %d", all, n)
	}
}
