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
	Born  time.Time // when it got its first event
	raw   string    // the sender's parameters as received: what the batch's events share
	apart bool
	bytes int
	first Moment // the earliest deadline of its events
	facts []byte // of its events: their memory
}

func (o *Batch) add(e *Event, cost int) {
	if len(o.Events) == 0 || e.Deadline < o.first {
		o.first = e.Deadline
	}
	start := len(o.facts)
	o.facts = append(o.facts, e.Facts...)
	o.Events = append(o.Events, *e)
	o.Events[len(o.Events)-1].Facts = o.facts[start:]
	o.bytes += cost
}

// Batcher holds the open batches, oldest first: one for each set of parameters, store rows over 7 days apart.
type Batcher struct {
	limits Limits
	code   string // the dataset's test_event_code
	open   []*Batch
	spare  []*Batch // whose memory is free
}

// NewBatcher returns a batcher without open batches.
func NewBatcher(l Limits, testEventCode string) *Batcher {
	return &Batcher{limits: l, code: testEventCode}
}

// Result says what became of an added event.
type Result int

// Added: it is in an open batch. NoRoom: it needs a new batch, but none may be opened. Oversize: it does not fit even alone.
const (
	Added Result = iota
	NoRoom
	Oversize
)

// Add puts a copy of e, its facts included, into the open batch of its kind; params are its ce_params. A batch that is full is closed and returned. Only with mayOpen a
// new one is begun. Its error is a *fault.Error: the parameters cannot be read.
func (b *Batcher) Add(e *Event, params []byte, now time.Time, mayOpen bool) (full *Batch, r Result, err error) {
	apart := e.Apart(now)
	cost := len(e.Record.Value) + 1
	at := slices.IndexFunc(b.open, func(o *Batch) bool { return o.apart == apart && o.raw == string(params) })
	if at >= 0 {
		o := b.open[at]
		if o.bytes+cost <= b.limits.Bytes {
			o.add(e, cost)
			if len(o.Events) >= b.limits.Events {
				return b.close(at), Added, nil
			}
			return nil, Added, nil
		}
		// It is as full as it gets; what does not fit opens the next one.
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
	o.Born, o.raw, o.apart, o.bytes, o.Params = now, string(params), apart, Frame+len(members), members
	o.add(e, cost)
	if b.limits.Events <= 1 {
		return o, Added, nil // full is nil: with one event a batch none stays open
	}
	b.open = append(b.open, o)
	return full, Added, nil
}

// Recycle takes back the memory of a batch that nobody looks at any more.
func (b *Batcher) Recycle(o *Batch) {
	clear(o.Events) // let go of the records
	b.spare = append(b.spare, o)
}

// begin returns an empty batch, in the memory of one that is done if there is any: a quiet lane's batches stay small.
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

// Oldest closes and returns the oldest open batch; nil if there is none.
func (b *Batcher) Oldest() *Batch {
	if len(b.open) == 0 {
		return nil
	}
	return b.close(0)
}

// Due closes and returns a batch that has lingered long enough; nil if there is none.
func (b *Batcher) Due(now time.Time) *Batch {
	if at, ok := b.NextDue(); !ok || now.Before(at) {
		return nil
	}
	return b.close(0)
}

// NextDue is when the next batch has lingered long enough; false: none is open.
func (b *Batcher) NextDue() (time.Time, bool) {
	if len(b.open) == 0 {
		return time.Time{}, false
	}
	return b.open[0].Born.Add(b.limits.Linger), true
}

// NextDeadline is the earliest deadline of the events of open batches; false: none is open.
func (b *Batcher) NextDeadline() (at time.Time, ok bool) {
	for _, o := range b.open {
		if t := o.first.Time(); !ok || t.Before(at) {
			at, ok = t, true
		}
	}
	return at, ok
}

// Expiring closes and returns a batch of which an event has passed its deadline; nil if there is none.
func (b *Batcher) Expiring(now time.Time) *Batch {
	for at, o := range b.open {
		if o.first <= At(now) {
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
