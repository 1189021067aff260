package batch

import (
	"slices"
	"time"
)

// Limits bound one request.
type Limits struct {
	Events int           // of data
	Bytes  int           // of the body
	Linger time.Duration // how long an open batch waits for more
}

// Batch is events that go into one request.
type Batch struct {
	Request
	opened   time.Time // when it got its first event
	counted  time.Time // when Due counted it last; zero: never
	held     int       // events that it held then
	received string    // the sender's parameters as received: all its events have the same
	oldRows  bool      // its events are store rows over 7 days old
	bytes    int       // of the body so far
	deadline Moment    // the earliest of its events
	facts    []byte    // the memory of its events' facts
}

func (o *Batch) add(e *Event, cost int) {
	if len(o.Events) == 0 || e.Deadline < o.deadline {
		o.deadline = e.Deadline
	}
	start := len(o.facts)
	o.facts = append(o.facts, e.Facts...)
	o.Events = append(o.Events, *e)
	o.Events[len(o.Events)-1].Facts = o.facts[start:]
	o.bytes += cost
}

// Batcher holds the open batches, oldest first: one for each set of parameters, and another for its store rows over 7 days old.
type Batcher struct {
	limits Limits
	code   string // the dataset's test_event_code
	open   []*Batch
	spare  []*Batch // batches that are done, for their memory
}

// NewBatcher returns a batcher without open batches.
func NewBatcher(l Limits, testEventCode string) *Batcher {
	return &Batcher{limits: l, code: testEventCode}
}

// Result says what became of an event that was to be added.
type Result int

// Added: it is in an open batch. NoRoom: it needs a new batch, but none may be opened. Oversize: it does not fit even alone.
const (
	Added Result = iota
	NoRoom
	Oversize
)

// Add puts a copy of e, its facts included, into the open batch for its parameters, which are its ce_params. A batch that is
// full is closed and returned. A new one is opened only if mayOpen. Its error is a *fault.Error: the parameters cannot be read.
func (b *Batcher) Add(e *Event, params []byte, now time.Time, mayOpen bool) (full *Batch, r Result, err error) {
	oldRow := e.OldStoreRow(now)
	cost := len(e.Record.Value) + 1
	at := slices.IndexFunc(b.open, func(o *Batch) bool { return o.oldRows == oldRow && o.received == string(params) })
	if at >= 0 {
		o := b.open[at]
		if o.bytes+cost <= b.limits.Bytes {
			o.add(e, cost)
			if len(o.Events) >= b.limits.Events {
				return b.close(at), Added, nil
			}
			return nil, Added, nil
		}
		// It cannot take this event: it is closed, and the event opens the next one.
		full = b.close(at)
	}
	members, err := ParseParams(params, b.code)
	if err != nil {
		return full, Added, err
	}
	if Frame+len(members)+cost > b.limits.Bytes {
		return full, Oversize, nil
	}
	if !mayOpen {
		return full, NoRoom, nil
	}
	o := b.begin()
	o.opened, o.received, o.oldRows, o.bytes, o.Params = now, string(params), oldRow, Frame+len(members), members
	o.add(e, cost)
	if b.limits.Events <= 1 {
		return o, Added, nil // full is nil: with one event a batch none stays open
	}
	b.open = append(b.open, o)
	return full, Added, nil
}

// Recycle takes back the memory of a batch that nobody uses any more.
func (b *Batcher) Recycle(o *Batch) {
	clear(o.Events) // let go of the records
	b.spare = append(b.spare, o)
}

// begin returns an empty batch, in the memory of one that is done if there is any.
func (b *Batcher) begin() *Batch {
	last := len(b.spare) - 1
	if last < 0 {
		return &Batch{}
	}
	o := b.spare[last]
	b.spare = b.spare[:last]
	*o = Batch{Request: Request{Events: o.Events[:0]}, facts: o.facts[:0]}
	return o
}

// Open is the number of open batches.
func (b *Batcher) Open() int { return len(b.open) }

// CloseOldest closes and returns the oldest open batch; nil if there is none.
func (b *Batcher) CloseOldest() *Batch {
	if len(b.open) == 0 {
		return nil
	}
	return b.close(0)
}

// CloseDue closes and returns a batch that has been open for the linger; nil if there is none.
func (b *Batcher) CloseDue(now time.Time) *Batch {
	if at, ok := b.NextDue(); !ok || now.Before(at) {
		return nil
	}
	return b.close(0)
}

// NextDue is when the next batch will have been open for the linger; false: none is open.
func (b *Batcher) NextDue() (time.Time, bool) {
	if len(b.open) == 0 {
		return time.Time{}, false
	}
	return b.open[0].opened.Add(b.limits.Linger), true
}

// Due counts the batches that have been open for the linger; one that is still open then counts again when further events
// have come to it, at most once a linger: as many batches as would have been closed if none had to wait.
func (b *Batcher) Due(now time.Time) (n int) {
	for _, o := range b.open {
		since := o.counted
		if since.IsZero() {
			since = o.opened
		}
		if len(o.Events) > o.held && now.Sub(since) >= b.limits.Linger {
			o.counted, o.held = now, len(o.Events)
			n++
		}
	}
	return n
}

// NextDeadline is the earliest deadline of the events of open batches; false: none is open.
func (b *Batcher) NextDeadline() (at time.Time, ok bool) {
	for _, o := range b.open {
		if t := o.deadline.Time(); !ok || t.Before(at) {
			at, ok = t, true
		}
	}
	return at, ok
}

// CloseExpiring closes and returns a batch of which an event has passed its deadline; nil if there is none.
func (b *Batcher) CloseExpiring(now time.Time) *Batch {
	for at, o := range b.open {
		if o.deadline <= At(now) {
			return b.close(at)
		}
	}
	return nil
}

// close takes a batch out, keeping the order of the others.
func (b *Batcher) close(at int) *Batch {
	o := b.open[at]
	b.open = slices.Delete(b.open, at, at+1)
	return o
}
