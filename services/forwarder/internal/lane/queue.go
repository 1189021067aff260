package lane

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// queue is the events that wait to be posted: in open batches, and behind them in closed ones and their parts, in the order
// in which they will be posted.
type queue struct {
	batcher *batch.Batcher
	settler *settler
	waiting []*part
	roots   int  // closed batches with events not settled, waiting or not
	room    int  // batches that the window may hold, open and closed
	crowded bool // the last event found no room
}

func newQueue(cfg *Config, s *settler) *queue {
	return &queue{batcher: batch.NewBatcher(cfg.Limits, cfg.TestEventCode), settler: s, room: cfg.InFlight + 1}
}

// add puts an event into an open batch, or says why not (see batch.Batcher).
func (q *queue) add(e *batch.Event, params []byte, now time.Time) (batch.Result, error) {
	full, r, err := q.batcher.Add(e, params, now, q.roots+q.batcher.Open() < q.room)
	if full != nil {
		q.enqueue(full, false)
	}
	if err == nil && r == batch.NoRoom && len(q.waiting) == 0 && q.roots < q.room-1 {
		// A poster has nothing to do, and open batches of other parameters take up the room: one must go. While all are busy none
		// must, for it would be small: an old store row now and then would cut all batches to the rows between two of them.
		if b := q.batcher.CloseOldest(); b != nil {
			q.enqueue(b, true)
		}
	}
	q.crowded = err == nil && r == batch.NoRoom
	return r, err
}

// enqueue puts a closed batch behind the others; small: it was closed before it was full.
func (q *queue) enqueue(b *batch.Batch, small bool) {
	q.roots++
	p := wholeBatch(b)
	p.root.small = small
	q.back(p)
}

// front puts parts before all others, in their order; back behind them.
func (q *queue) front(parts ...*part) { q.waiting = slices.Insert(q.waiting, 0, parts...) }
func (q *queue) back(p *part)         { q.waiting = append(q.waiting, p) }

// due is how many open batches have waited long enough since it was asked last: as many as would be posted now if none were
// held back.
func (q *queue) due(now time.Time) int { return q.batcher.Due(now) }

// pop takes the next part to post; nil: there is none. Batches that have waited long enough are closed first, so that a part
// that fails again and again does not keep them open. Near Meta's limits one is closed when its turn has come, and no other
// before that one is posted: until then they grow.
func (q *queue) pop(now time.Time, g *gate.Gate) *part {
	slowed, turn := g.Slowed(), g.Small(now)
	isSmall := func(p *part) bool { return p.root.small }
	for !slowed || turn && !slices.ContainsFunc(q.waiting, isSmall) {
		b := q.batcher.CloseDue(now)
		if b == nil {
			break
		}
		q.enqueue(b, true)
	}
	at := 0
	if !turn {
		at = slices.IndexFunc(q.waiting, func(p *part) bool { return !p.root.small })
	}
	if at < 0 || at == len(q.waiting) {
		return nil
	}
	p := q.waiting[at]
	q.waiting = slices.Delete(q.waiting, at, at+1)
	return p
}

// popSplit takes the next part of a batch that was posted and split; nil: there is none.
func (q *queue) popSplit() *part {
	at := slices.IndexFunc(q.waiting, (*part).isSplit)
	if at < 0 {
		return nil
	}
	p := q.waiting[at]
	q.waiting = slices.Delete(q.waiting, at, at+1)
	return p
}

// expire ends the events whose deadline has passed while they waited: also while the lane is parked, so that one that
// nobody repairs does not stand before the same events for ever.
func (q *queue) expire(now time.Time) {
	for b := q.batcher.CloseExpiring(now); b != nil; b = q.batcher.CloseExpiring(now) {
		q.enqueue(b, true)
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(p *part) bool {
		q.settler.expire(p, now)
		return len(p.Events) == 0
	})
}

// release makes room when n events of a root are settled. With the last one its memory goes back to the batcher.
func (q *queue) release(r *root, n int) {
	if r.left -= n; r.left == 0 {
		q.roots--
		q.batcher.Recycle(r.batch)
		r.batch = nil
	}
}

// times calls each with every time at which a batch is to be closed or an event expires.
func (q *queue) times(each func(time.Time)) {
	if t, ok := q.batcher.NextDue(); ok {
		each(t)
	}
	if t, ok := q.batcher.NextDeadline(); ok {
		each(t)
	}
	for _, p := range q.waiting {
		each(p.deadline.Time())
	}
}
