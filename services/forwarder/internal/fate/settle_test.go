package fate

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
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
