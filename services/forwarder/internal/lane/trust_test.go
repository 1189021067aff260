package lane

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// guessed is a signal of an unproven sender that bears an id of somebody else's, and a value of its own.
func guessed(id string) event.Signal {
	s := signal(id)
	s.Trust, s.Value = event.Unproven, []byte("0.01")
	return s
}

// values are what was delivered, in order of their ids.
func (h *harness) values() (delivered []string) {
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	for id, fates := range h.bus.fates {
		for _, f := range fates {
			if f.Fate == fault.Delivered {
				delivered = append(delivered, fmt.Sprint(id, " ", f.Value, " ", f.Trust))
			}
		}
	}
	slices.Sort(delivered)
	return delivered
}

func (h *harness) wantValues(want ...string) {
	h.t.Helper()
	if got := h.values(); !slices.Equal(got, want) {
		h.t.Fatalf("delivered %q, want %q", got, want)
	}
}

// TestGuessedIDs: an event whose id an unproven sender guessed is sent, whether the guess was delivered before, is on its way, or
// ended under another owner; the guess that comes after it is the duplicate.
func TestGuessedIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		lc, _ := h.chunkOf(0, []event.Signal{guessed("history")})
		lc.History = true
		h.in <- lc
		h.feed(0, guessed("before"))
		wait(3 * time.Second)
		h.meta.took = time.Hour // the guess waits for its answer all that time
		h.feed(0, guessed("now"))
		wait(2 * time.Second)
		h.meta.took = 100 * time.Millisecond
		same := guessed("history") // its very bytes, and proven
		same.Trust = event.Proven
		h.feed(0, signal("before"), signal("now"), same, signal("after"))
		wait(3 * time.Second)
		h.wantValues("after 9.50 proven", "before 0.01 unproven", "before 9.50 proven", "history 0.01 proven", "now 9.50 proven")
		h.feed(0, guessed("after"), guessed("before"), signal("before"), signal("now"))
		wait(3 * time.Second)
		h.want(fault.Dropped, fault.Duplicate, 4)
		wait(2 * time.Hour)
		h.wantSettled(10)
		h.end()
	})
}

// TestGuessWhileItsEventIsOnItsWay: guesses wait for the proven event that they repeat. When that one dies, they are sent as today's
// repeats are; a proven repeat waits for none of them.
func TestGuessWhileItsEventIsOnItsWay(t *testing.T) {
	for _, refused := range []int{0, 1, 2} {
		synctest.Test(t, func(t *testing.T) {
			h := start(t, config())
			h.meta.took = 5 * time.Second
			h.meta.refusing = map[string]int{"a": refused}
			h.feed(0, signal("a"), guessed("a"), guessed("a"), signal("a"), guessed("a"), signal("a"))
			wait(time.Minute)
			h.want(fault.Dead, fault.Refused, refused)
			proven := 0
			for _, v := range h.values() {
				if v == "a 9.50 proven" {
					proven++
				}
			}
			if proven != 1 {
				t.Errorf("%d refused: delivered %q", refused, h.values())
			}
			h.wantSettled(6)
			h.end()
		})
	}
}

// TestTrustProperty: whatever unproven senders do, a proven sender's events end exactly as they do without them.
func TestTrustProperty(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		type step struct {
			unproven bool
			id       string
			pause    time.Duration
		}
		var steps []step
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			steps = append(steps, step{
				rapid.Bool().Draw(t, "unproven"), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"),
				time.Duration(rapid.IntRange(0, 3).Draw(t, "pause")) * time.Second,
			})
		}
		refused := rapid.IntRange(0, 3).Draw(t, "refused")
		run := func(all bool) (ended []string) {
			synctest.Test(outer, func(t *testing.T) {
				h := start(t, config())
				h.meta.took = 2 * time.Second
				h.meta.refusing = map[string]int{"a": refused}
				for _, s := range steps {
					switch {
					case !s.unproven:
						h.feed(0, signal(s.id))
					case all:
						h.feed(0, guessed(s.id))
					}
					if s.pause > 0 {
						wait(s.pause)
					}
				}
				wait(5 * time.Minute)
				n, of := h.settled()
				if n != of {
					t.Errorf("%d of %d are settled", n, of)
				}
				for id, fates := range h.bus.fates {
					for _, f := range fates {
						if f.Trust == event.Proven {
							ended = append(ended, fmt.Sprint(id, f.Fate, f.Reason))
						}
					}
				}
				h.end()
			})
			slices.Sort(ended)
			return ended
		}
		if alone, beside := run(false), run(true); !slices.Equal(alone, beside) {
			t.Fatalf("without the others %v, beside them %v", alone, beside)
		}
	})
}
