package source

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
)

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// TestTake: 10 a second, bursts of 5.
func TestTake(t *testing.T) {
	s := &Source{}
	s.Limit(10, 5)
	for _, step := range []struct {
		name string
		at   time.Duration
		n    int
		wait time.Duration // 0: let in
	}{
		{"nothing costs nothing", 0, 0, 0},
		{"the whole burst", 0, 5, 0},
		{"no more", 0, 1, 100 * time.Millisecond},
		{"nothing still costs nothing", 0, 0, 0},
		{"a refused one owes nothing", 100 * time.Millisecond, 1, 0},
		{"more than there is", 300 * time.Millisecond, 4, 200 * time.Millisecond},
		{"more than the burst waits for a full bucket", 500 * time.Millisecond, 12, 100 * time.Millisecond},
		{"and is let in then", 600 * time.Millisecond, 12, 0},
		{"its debt: 7 and 1", 600 * time.Millisecond, 1, 800 * time.Millisecond},
		{"not a moment before", 1399 * time.Millisecond, 1, time.Millisecond},
		{"paid", 1400 * time.Millisecond, 1, 0},
		{"again the rate", 1400 * time.Millisecond, 1, 100 * time.Millisecond},
	} {
		wait, ok := s.Take(start.Add(step.at), step.n, event.Proven)
		if ok != (step.wait == 0) || (wait-step.wait).Abs() > time.Microsecond {
			t.Errorf("%s: let in %v, wait %v; want %v", step.name, ok, wait, step.wait)
		}
	}
}

// TestSlowRequests: a request counts from when its head arrived, and one whose body was slow takes from the rate like any: it gives
// nobody the time again that it took.
func TestSlowRequests(t *testing.T) {
	s := &Source{}
	s.Limit(10, 5)
	taken := 0
	for range 100 {
		for _, arrived := range []time.Duration{20 * time.Second, 0} {
			if _, ok := s.Take(start.Add(arrived), 1, event.Proven); ok {
				taken++
			}
		}
	}
	if taken != 5 {
		t.Errorf("%d are let in at once, want the burst of 5", taken)
	}
}

// TestLimits: what counts as a limit, and its burst where none is configured.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		burst     int
		minute    int
		first     int // what is let in at once; -1: anything
	}{
		{0, 0, 0, -1}, {-1, 5, 0, -1}, {2.5, 0, 150, 3}, {2.5, 10, 150, 10}, {0.001, 0, 1, 1},
	} {
		s := &Source{}
		s.Limit(c.perSecond, c.burst)
		if s.PerMinute() != c.minute {
			t.Errorf("%+v: %d a minute", c, s.PerMinute())
		}
		n := max(c.first, 1)
		if _, ok := s.Take(start, n, event.Proven); !ok {
			t.Errorf("%+v: the burst is refused", c)
		}
		if _, ok := s.Take(start, 1, event.Proven); ok != (c.first < 0) {
			t.Errorf("%+v: one more: %v", c, ok)
		}
	}
}

// TestRateHolds: whatever the sizes, in a long run no more than the rate, one burst and what was saved is let in; nobody is told to
// wait longer than the debt and its own part of the burst take, and one event never waits longer than the debt.
func TestRateHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perSecond := rapid.Float64Range(0.5, 500).Draw(t, "rate")
		burst := rapid.IntRange(1, 1000).Draw(t, "burst")
		s := &Source{}
		s.Limit(perSecond, burst)
		seconds := func(events float64) time.Duration { return time.Duration(events / perSecond * float64(time.Second)) }
		now, taken := start, 0
		for range rapid.IntRange(1, 60).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "pause")) * time.Millisecond)
			n := rapid.OneOf(rapid.Just(1), rapid.IntRange(1, 2000), rapid.Just(10_000)).Draw(t, "events")
			wait, ok := s.Take(now, n, event.Proven)
			if bound := maxDebt + seconds(float64(min(n, burst))) + time.Millisecond; wait > bound {
				t.Fatalf("%d events are told to wait %v, at most %v", n, wait, bound)
			}
			if ok {
				taken += n
			} else if n <= burst {
				now = now.Add(wait + time.Millisecond)
				if again, ok := s.Take(now, n, event.Proven); !ok {
					t.Fatalf("%d events are refused after the wait of %v: wait %v", n, wait, again)
				}
				taken += n
			}
			if allowed := perSecond*now.Sub(start).Seconds() + float64(burst+savings+1); float64(taken) > allowed {
				t.Fatalf("%d events let in within %v, %v allowed", taken, now.Sub(start), allowed)
			}
		}
	})
}

// TestDebt: a source that is left alone saves up for a large request; a second one of that size waits for the rate, and meanwhile
// small ones are let in as ever.
func TestDebt(t *testing.T) {
	s := &Source{}
	s.Limit(5, 5)
	if _, ok := s.Take(start, 10_000, event.Proven); !ok {
		t.Fatal("the first is refused")
	}
	if wait, ok := s.Take(start, 1, event.Proven); ok || wait > maxDebt+time.Second {
		t.Errorf("a small one behind it waits %v (let in: %v)", wait, ok)
	}
	now := start.Add(maxDebt + 200*time.Millisecond)
	if wait, ok := s.Take(now, 1, event.Proven); !ok {
		t.Errorf("a small one after the debt is to wait %v more", wait)
	}
	if wait, ok := s.Take(now.Add(time.Minute), 10_000, event.Proven); ok || wait > maxDebt+time.Second {
		t.Errorf("a second large one: let in %v, told to wait %v", ok, wait)
	}
	if _, ok := s.Take(now.Add(time.Minute), 5, event.Proven); !ok {
		t.Error("a small one behind a large one that was refused is refused")
	}
	if _, ok := s.Take(now.Add(40*time.Minute), 10_000, event.Proven); !ok {
		t.Error("a second large one is refused though all of it was saved up")
	}
}

// TestRatesOfClasses: an unproven sender's debt holds up its own class alone, and a proven one's its own.
func TestRatesOfClasses(t *testing.T) {
	for _, c := range []struct{ greedy, other event.Trust }{{event.Unproven, event.Proven}, {event.Proven, event.Unproven}} {
		s := &Source{}
		s.Limit(5, 5)
		if _, ok := s.Take(start, 10_000, c.greedy); !ok {
			t.Fatalf("%s: a full bucket refuses", c.greedy)
		}
		if wait, ok := s.Take(start, 1, c.greedy); ok || wait < 10*time.Second {
			t.Errorf("%s after its own debt: %v, %v", c.greedy, wait, ok)
		}
		for second := range 5 {
			if wait, ok := s.Take(start.Add(time.Duration(second)*time.Second), 5, c.other); !ok {
				t.Errorf("%s waits %v for the debt of %s", c.other, wait, c.greedy)
			}
		}
	}
}

// TestLimitUnproven: the lower of a source's two rates holds for senders that prove nothing; the proven have but the one.
func TestLimitUnproven(t *testing.T) {
	for _, c := range []struct {
		rate, own        float64
		burst, ownBurst  int
		proven, unproven int // let in at once; -1: anything
	}{
		{0, 0, 0, 0, -1, -1}, {0, 20, 0, 0, -1, 200}, {0, 20, 0, 7, -1, 7}, {5, 20, 9, 0, 9, 9}, {50, 20, 60, 30, 60, 30}, {50, 0, 60, 0, 60, 60},
	} {
		s := &Source{}
		s.Limit(c.rate, c.burst)
		s.LimitUnproven(config.Unproven{EventsPerSecond: c.own, Burst: c.ownBurst, EventsPerRequest: 3, BytesPerRequest: 4})
		if s.MaxUnproven != (PerRequest{3, 4}) {
			t.Errorf("a request: %+v", s.MaxUnproven)
		}
		for trust, want := range map[event.Trust]int{event.Proven: c.proven, event.Unproven: c.unproven} {
			if _, ok := s.Take(start, max(want, 1), trust); !ok {
				t.Errorf("%+v: %s: the burst is refused", c, trust)
			}
			if _, ok := s.Take(start, 1, trust); ok != (want < 0) {
				t.Errorf("%+v: %s: one more: %v", c, trust, ok)
			}
		}
	}
}
