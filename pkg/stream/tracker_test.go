package stream

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// TestTrackerEqualsModel settles in any order, with gaps in the offsets and repeats: the mark equals a naive model's at
// each step, so it never passes an offset that is not settled.
func TestTrackerEqualsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		next := rapid.Int64Range(0, 1000).Draw(t, "start")
		tr := newTracker(next)
		start := next
		var offsets []int64
		settled := map[int64]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				var recs []Record
				for range rapid.IntRange(1, 5).Draw(t, "n") {
					next += rapid.Int64Range(0, 3).Draw(t, "gap")
					recs = append(recs, Record{Offset: next})
					offsets = append(offsets, next)
					next++
				}
				if first := tr.add(recs); first != int64(len(offsets)-len(recs)) {
					t.Fatalf("first sequence %d, want %d", first, len(offsets)-len(recs))
				}
			},
			"settle": func(t *rapid.T) {
				if len(offsets) == 0 {
					t.Skip("nothing to settle")
				}
				from := rapid.IntRange(0, len(offsets)-1).Draw(t, "from")
				n := rapid.IntRange(1, min(3, len(offsets)-from)).Draw(t, "n")
				tr.settle(int64(from), n)
				for _, o := range offsets[from : from+n] {
					settled[o] = true
				}
			},
			"commit": func(*rapid.T) {
				mark, _, _ := tr.uncommitted()
				tr.commit(mark)
				if _, _, again := tr.uncommitted(); again {
					t.Fatal("a committed mark is to be committed again")
				}
			},
			"": func(t *rapid.T) {
				want := start
				for _, o := range offsets {
					if !settled[o] {
						break
					}
					want = o + 1
				}
				if got, _, _ := tr.uncommitted(); got != want {
					t.Fatalf("mark %d, want %d", got, want)
				}
			},
		})
	})
}

// TestAgeOfWhatIsNotFetched: a partition whose records nobody gets to fetch is not young for ever.
func TestAgeOfWhatIsNotFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTracker(5)
		age := func(want time.Duration) {
			t.Helper()
			if _, got := tr.lag(time.Now()); got != want {
				t.Errorf("age %s, want %s", got, want)
			}
		}
		tr.position(5, 5)
		<-time.After(time.Hour)
		age(0)
		tr.setHighWater(9)
		<-time.After(time.Minute)
		tr.setHighWater(12)
		<-time.After(time.Minute)
		age(2 * time.Minute)
		first := tr.add([]Record{{Offset: 5, Time: time.Now().Add(-time.Second)}})
		age(time.Second)
		tr.settle(first, 1)
		age(0)
		<-time.After(time.Minute)
		age(time.Minute)
		tr.settle(tr.add([]Record{{Offset: 11, Time: time.Now()}}), 1)
		<-time.After(time.Minute)
		age(0)
	})
}
