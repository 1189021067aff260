package lane

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/suppression"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// root is a batch as the batcher closed it. It takes up room in the window until its last event is settled; only then is its
// memory, which all its parts use, free for another batch.
type root struct {
	batch *batch.Batch
	left  int  // events not settled
	small bool // it was closed before it was full
}

// part is a root's events, or some of them after a split, on their way to one POST.
type part struct {
	batch.Request
	root     *root
	attempts int          // POSTs that held these events
	unknown  int          // answers to them that no table knows
	deadline batch.Moment // the earliest of its events
}

// wholeBatch is a closed batch as one part.
func wholeBatch(b *batch.Batch) *part {
	p := &part{root: &root{batch: b, left: len(b.Events)}}
	p.Params = b.Params
	p.setEvents(b.Events)
	return p
}

// withEvents is a part of p, with some of its events and its history.
func (p *part) withEvents(events []batch.Event) *part {
	some := &part{root: p.root, attempts: p.attempts, unknown: p.unknown}
	some.Params = p.Params
	some.setEvents(events)
	return some
}

// isSplit says whether p is some of a batch that was posted: others of it may have ended.
func (p *part) isSplit() bool { return p.attempts > 0 && len(p.Events) < len(p.root.batch.Events) }

func (p *part) setEvents(events []batch.Event) {
	p.Events = events
	for i := range events {
		if i == 0 || events[i].Deadline < p.deadline {
			p.deadline = events[i].Deadline
		}
	}
}

// split returns the event that Meta named and the others; two halves if it named none.
func (p *part) split(named int) []*part {
	n := len(p.Events)
	if named >= 0 && named < n {
		others := slices.Concat(p.Events[:named], p.Events[named+1:])
		return []*part{p.withEvents(p.Events[named : named+1]), p.withEvents(others)}
	}
	return []*part{p.withEvents(p.Events[:n/2]), p.withEvents(p.Events[n/2:])}
}

// cutExpired takes the events out of p whose deadline has passed, and returns them.
func (p *part) cutExpired(now time.Time) (dead []batch.Event) {
	if batch.At(now) < p.deadline {
		return nil
	}
	dead, live := cut(p.Events, func(e *batch.Event) bool { return e.Expired(now) })
	p.setEvents(live)
	return dead
}

// cutSuppressed takes the events of persons on a list out of p, and returns them and their endings.
func (p *part) cutSuppressed(list *suppression.List) (dropped []batch.Event, endings []event.Ending) {
	on := func(e batch.Event) bool { _, has := list.HasEvent(e.Record.Value); return has }
	if list.Len() == 0 || !slices.ContainsFunc(p.Events, on) {
		return nil, nil
	}
	dropped, others := cut(p.Events, func(e *batch.Event) bool {
		by, has := list.HasEvent(e.Record.Value)
		if has {
			endings = append(endings, event.Ending{Fate: fault.Dropped, Reason: fault.Suppressed, Detail: by.String()})
		}
		return has
	})
	p.setEvents(others)
	return dropped, endings
}

// separate returns the store rows that have become too old to travel with other events, and the others: nil and p if all
// may go together.
func (p *part) separate(now time.Time) (old, others *part) {
	oldRow := func(e *batch.Event) bool { return e.OldStoreRow(now) }
	rows := 0
	for i := range p.Events {
		if oldRow(&p.Events[i]) {
			rows++
		}
	}
	if rows == 0 || rows == len(p.Events) {
		return nil, p
	}
	these, those := cut(p.Events, oldRow)
	return p.withEvents(these), p.withEvents(those)
}

// cut copies the events of which is is true, and the others.
func cut(events []batch.Event, is func(*batch.Event) bool) (these, others []batch.Event) {
	for i := range events {
		if is(&events[i]) {
			these = append(these, events[i])
		} else {
			others = append(others, events[i])
		}
	}
	return these, others
}
