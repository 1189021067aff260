package lane

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// TestPartsKeepEveryEvent: however a batch is split, each event is in one part, each part knows its earliest deadline and
// what was tried before, and its own parameters travel with it.
func TestPartsKeepEveryEvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_800_000_000, 0)
		b := &batch.Batch{}
		b.Params = []byte(`,"a":1`)
		for i := range rapid.IntRange(2, 20).Draw(t, "events") {
			age := time.Duration(int64(rapid.IntRange(-3, 3).Draw(t, "deadline")) * int64(time.Hour))
			b.Events = append(b.Events, batch.Event{
				Index: i, Deadline: batch.At(now.Add(age)),
				OldStoreRowAt: batch.Moment(rapid.SampledFrom([]int64{0, int64(batch.At(now)), int64(batch.At(now.Add(time.Hour)))}).Draw(t, "store row")),
			})
		}
		whole := wholeBatch(b)
		whole.attempts, whole.unknown = 3, 2
		var seen []int
		collect := func(p *part) {
			earliest := p.Events[0].Deadline
			for i := range p.Events {
				seen = append(seen, p.Events[i].Index)
				earliest = min(earliest, p.Events[i].Deadline)
			}
			if p.deadline != earliest || p.attempts != 3 || p.unknown != 2 || p.root != whole.root || string(p.Params) != `,"a":1` {
				t.Fatalf("part %+v, its earliest deadline is %v", p, earliest)
			}
		}
		for _, p := range whole.split(rapid.IntRange(-1, len(b.Events)).Draw(t, "named")) {
			collect(p)
			for _, e := range p.cutExpired(now) {
				if seen = append(seen, e.Index); !e.Expired(now) {
					t.Fatalf("event %d is cut before its deadline", e.Index)
				}
			}
			if len(p.Events) == 0 {
				continue
			}
			collect(p)
			old, others := p.separate(now)
			for _, q := range []*part{old, others} {
				if q == nil {
					continue
				}
				collect(q)
				for i := range q.Events {
					if q.Events[i].Expired(now) || q.Events[i].OldStoreRow(now) != q.Events[0].OldStoreRow(now) {
						t.Fatalf("expired or mixed: %+v", q.Events)
					}
				}
			}
		}
		times := map[int]int{}
		for _, i := range seen {
			times[i]++
		}
		for i := range b.Events {
			n := 3 // in a half, not expired, separated
			if b.Events[i].Expired(now) {
				n = 2
			}
			if times[i] != n {
				t.Fatalf("event %d is in %d parts, want %d: %v", i, times[i], n, seen)
			}
		}
		if whole.root.left != len(b.Events) {
			t.Fatalf("%d left", whole.root.left)
		}
	})
}
