package lane

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// queue is the events that wait to be posted: in open batches, and behind them in closed ones and their parts, in the order
// in which they will be posted.
type queue struct {
	batcher *batch.Batcher
	settler *settler
	waiting []*part
	roots   int // closed batches with events not settled, waiting or not
	room    int // batches that the window may hold, open and closed
}

func newQueue(cfg *Config, s *settler) *queue {
	return &queue{batcher: batch.NewBatcher(cfg.Limits, cfg.TestEventCode), settler: s, room: cfg.InFlight + 1}
}

// add puts an event into an open batch, or says why not (see batch.Batcher).
func (q *queue) add(e *batch.Event, params []byte, now time.Time) (batch.Result, error) {
	full, r, err := q.batcher.Add(e, params, now, q.roots+q.batcher.Open() < q.room)
	if full != nil {
		q.enqueue(full)
	}
	if err == nil && r == batch.NoRoom && len(q.waiting) == 0 {
		// All the room may be taken by open batches of other parameters: one must go.
		if b := q.batcher.CloseOldest(); b != nil {
			q.enqueue(b)
		}
	}
	return r, err
}

// enqueue puts a closed batch behind the others.
func (q *queue) enqueue(b *batch.Batch) {
	q.roots++
	q.back(wholeBatch(b))
}

// front puts parts before all others, in their order; back behind them.
func (q *queue) front(parts ...*part) { q.waiting = slices.Insert(q.waiting, 0, parts...) }
func (q *queue) back(p *part)         { q.waiting = append(q.waiting, p) }

// pop takes the next part to post; nil: there is none. Batches that have waited long enough are closed first, so that a part
// that fails again and again does not keep them open.
func (q *queue) pop(now time.Time) *part {
	for b := q.batcher.CloseDue(now); b != nil; b = q.batcher.CloseDue(now) {
		q.enqueue(b)
	}
	if len(q.waiting) == 0 {
		return nil
	}
	p := q.waiting[0]
	q.waiting = slices.Delete(q.waiting, 0, 1)
	return p
}

// expire ends the events whose deadline has passed while they waited: also while the lane is parked, so that one that
// nobody repairs does not stand before the same events for ever.
func (q *queue) expire(now time.Time) {
	for b := q.batcher.CloseExpiring(now); b != nil; b = q.batcher.CloseExpiring(now) {
		q.enqueue(b)
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
