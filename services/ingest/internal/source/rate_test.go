package source

import (
	"testing"
	"time"

	"pgregory.net/rapid"

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

// TestRateHolds: whatever the sizes, in a long run no more than the rate and one burst is let in, plus the one request
// that went into debt; and whoever waits as told is let in.
func TestRateHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const perSecond = 50
		burst := rapid.IntRange(1, 100).Draw(t, "burst")
		s := &Source{}
		s.Limit(perSecond, burst)
		now, taken, last := start, 0, 0
		for range rapid.IntRange(1, 60).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "pause")) * time.Millisecond)
			n := rapid.IntRange(1, 300).Draw(t, "events")
			wait, ok := s.Take(now, n, event.Proven)
			if !ok {
				now = now.Add(wait + time.Microsecond)
				if again, ok := s.Take(now, n, event.Proven); !ok {
					t.Fatalf("%d events are refused after the wait of %v: wait %v", n, wait, again)
				}
			}
			taken, last = taken+n, n
			if allowed := perSecond*now.Sub(start).Seconds() + float64(burst+last) + 1; float64(taken) > allowed {
				t.Fatalf("%d events let in within %v, %v allowed", taken, now.Sub(start), allowed)
			}
		}
	})
}

// TestRatesOfClasses: an unproven sender's debt holds up its own class alone, and a proven one's its own.
func TestRatesOfClasses(t *testing.T) {
	for _, c := range []struct{ greedy, other event.Trust }{{event.Unproven, event.Proven}, {event.Proven, event.Unproven}} {
		s := &Source{}
		s.Limit(5, 5)
		if _, ok := s.Take(start, 10_000, c.greedy); !ok {
			t.Fatalf("%s: a full bucket refuses", c.greedy)
		}
		if wait, ok := s.Take(start, 1, c.greedy); ok || wait < 30*time.Minute {
			t.Errorf("%s after its own debt: %v, %v", c.greedy, wait, ok)
		}
		for second := range 5 {
			if wait, ok := s.Take(start.Add(time.Duration(second)*time.Second), 5, c.other); !ok {
				t.Errorf("%s waits %v for the debt of %s", c.other, wait, c.greedy)
			}
		}
	}
}
