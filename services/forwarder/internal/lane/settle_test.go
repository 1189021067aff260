package lane

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"pgregory.net/rapid"
)

// marks notes which records of a chunk are settled.
type marks struct{ of map[int]int }

func (m *marks) SettleRun(first, n int) {
	for i := range n {
		m.of[first+i]++
	}
}

// TestSettleRunsProperty: exactly the records of the events are settled, once each, however they lie in their chunks.
func TestSettleRunsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chunks := []*marks{{map[int]int{}}, {map[int]int{}}, {map[int]int{}}}
		want := map[*marks]map[int]bool{}
		var events []batch.Event
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			c := rapid.SampledFrom(chunks).Draw(t, "chunk")
			i := rapid.IntRange(0, 12).Draw(t, "index")
			if want[c] == nil {
				want[c] = map[int]bool{}
			}
			if !want[c][i] {
				want[c][i] = true
				events = append(events, batch.Event{Chunk: c, Index: i})
			}
		}
		settleRuns(events)
		for _, c := range chunks {
			for i := range 20 {
				if n := c.of[i]; n > 1 || (n == 1) != want[c][i] {
					t.Fatalf("record %d is settled %d times, want %v", i, n, want[c][i])
				}
			}
		}
	})
}

// TestFateThatCannotBeWrittenStopsTheLane: what is gathered, or must be posted again in halves, is not posted past it either.
// The second post begins before anybody can know that the first one's fate will not be written.
func TestFateThatCannotBeWrittenStopsTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.bus.fail(errAway)
		h.meta.set(func(ids []string) Answer {
			if slices.Contains(ids, "e01500") {
				a := failed(capi.Invalid, 400, 100, 2804009)
				a.EventFault = true
				return a
			}
			return ok()
		})
		h.feed(0, signals(0, 2000)...)
		wait(time.Hour)
		if n := h.meta.count(); n != 2 {
			t.Errorf("%d posts", n)
		}
		h.wantSettled(0)
		h.bus.fail(nil)
		wait(longestRewrite + 5*time.Second)
		h.want(fault.Delivered, fault.None, 1999)
		h.want(fault.Dead, fault.Refused, 1)
		h.wantSettled(2000)
		h.end()
	})
}

// TestDrainEndsDuringWrite: a write that the end of the drain cuts off settles nothing: nobody knows what became of it.
func TestDrainEndsDuringWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.bus.hang.Store(true)
		h.feed(0, signals(0, 1000)...)
		wait(2 * time.Second)
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		h.wantSettled(0)
	})
}
