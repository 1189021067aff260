package stream

import (
	"sync"
	"time"
)

// tracker follows one partition through one generation: offsets are added in fetch order and settled in any order; mark
// is one past the unbroken run of settled ones, the offset that may be committed. Offsets need not be dense.
type tracker struct {
	mu        sync.Mutex
	head      int64 // sequence number of open[0]
	open      []tracked
	mark      int64
	committed int64
	highWater int64
	behind    time.Time // since when the partition holds records, and none of them was fetched; zero: that is not so
}

type tracked struct {
	offset  int64
	at      time.Time
	settled bool
}

// newTracker starts at the committed offset; -1 (nothing committed yet) until the first record is added.
func newTracker(start int64) *tracker { return &tracker{mark: start, committed: start} }

// add registers records in order and returns the sequence number of the first.
func (t *tracker) add(recs []Record) (first int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	first = t.head + int64(len(t.open))
	for i := range recs {
		t.open = append(t.open, tracked{offset: recs[i].Offset, at: recs[i].Time})
	}
	t.look()
	return first
}

// settle marks n sequence numbers from first on; repeats are harmless.
func (t *tracker) settle(first int64, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := first; s < first+int64(n); s++ {
		if i := s - t.head; i >= 0 && i < int64(len(t.open)) {
			t.open[i].settled = true
		}
	}
	run := 0
	for run < len(t.open) && t.open[run].settled {
		t.mark = t.open[run].offset + 1
		run++
	}
	t.head += int64(run)
	if t.open = t.open[run:]; len(t.open) == 0 {
		t.open = nil // let go of the memory of a burst
		t.look()
	}
}

// uncommitted returns the mark, and where the partition ended when last heard of; ok: the mark is not committed.
func (t *tracker) uncommitted() (mark, end int64, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mark, t.highWater, t.mark != t.committed
}

func (t *tracker) commit(mark int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.committed = mark
}

// move sets the mark to where fetching goes on when the partition no longer holds the position that was asked for. The
// committed offset may go backwards then: else a restart would ask for the same position again.
func (t *tracker) move(to int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.open) == 0 {
		t.mark = to
	}
}

// position notes where the partition begins and ends. Where nothing was committed yet, its beginning is: records that retention
// takes from then on before they are settled are known to be lost.
func (t *tracker) position(next, highWater int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mark < next && len(t.open) == 0 {
		t.mark = next
	}
	t.highWater = max(highWater, 0)
	t.look()
}

func (t *tracker) setHighWater(hw int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.highWater = hw
	t.look()
}

// look notes since when records wait to be fetched.
func (t *tracker) look() {
	switch {
	case len(t.open) > 0 || t.waiting() == 0:
		t.behind = time.Time{}
	case t.behind.IsZero():
		t.behind = time.Now()
	}
}

// waiting is the records that the partition holds behind the mark; while it is below 0, nobody knows where the partition begins.
func (t *tracker) waiting() int64 { return max(0, t.highWater-max(t.mark, 0)) }

// lag is the records behind the mark that the partition holds, and the age of the oldest unsettled one (0: none). Of one that
// was not fetched yet the age is not known: it is at least as long as records wait to be fetched.
func (t *tracker) lag(now time.Time) (records int64, age time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case len(t.open) > 0:
		age = max(0, now.Sub(t.open[0].at))
	case t.waiting() > 0 && !t.behind.IsZero():
		age = max(0, now.Sub(t.behind))
	}
	return t.waiting(), age
}
