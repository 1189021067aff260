package lane

import (
	"context"
	"time"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/dedup"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// root is a batch as it left the batcher; its parts share its memory and its place in the window until the last event is
// settled.
type root struct {
	batch *batch.Batch
	left  int // events not settled yet
}

// part is a root's events, or some of them after a split, on their way to one POST.
type part struct {
	batch.Request
	root     *root
	attempts int          // POSTs that held these events
	unknown  int          // answers of class unknown among them
	first    batch.Moment // the earliest deadline of its events
}

func newPart(events []batch.Event, of *part) *part {
	p := &part{root: of.root, attempts: of.attempts, unknown: of.unknown}
	p.Params = of.Params
	p.setEvents(events)
	return p
}

func (p *part) setEvents(events []batch.Event) {
	p.Events = events
	for i := range events {
		if i == 0 || events[i].Deadline < p.first {
			p.first = events[i].Deadline
		}
	}
}

// window is one generation of a lane: everything that is read and not settled, and the loop that decides about it.
type window struct {
	*Lane
	drain context.Context //nolint:containedctx // a window is one generation: it lives as long as its drain

	chunk  *Chunk // being read; nil: take the next
	admit  admission
	memory map[int]*dedup.Filter // by partition

	batcher *batch.Batcher
	queue   []*part // closed batches and parts, the next to post first
	roots   int     // closed batches with events not settled
	posting int
	gate    *gate.Gate

	ended    *settlement // events that ended without a POST, to be written together
	endings  int         // such settlements being written
	settling int         // all settlements being written

	answers chan posted
	settled chan *settlement
}

func newWindow(drain context.Context, l *Lane) *window {
	return &window{
		Lane: l, drain: drain,
		memory:  map[int]*dedup.Filter{},
		batcher: batch.NewBatcher(l.cfg.Limits, l.cfg.TestEventCode),
		gate: gate.New(gate.Config{
			Dataset: l.cfg.Dataset, InFlight: l.cfg.InFlight, Credentials: l.cfg.Credentials,
			Metrics: l.metrics.gate, Log: l.log,
		}),
		answers: make(chan posted), settled: make(chan *settlement),
	}
}

// run is the loop of a generation: read as far as there is room, end what expired, post what may be posted, wait.
func (w *window) run(ctx context.Context, in <-chan Chunk) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for ctx.Err() == nil {
		now := time.Now()
		w.gate.LookAtCredentials(now)
		w.read(now)
		w.expire(now)
		w.dispatch(now)
		timer.Reset(w.wake(now))
		more := in
		if w.chunk != nil {
			more = nil // the fetchers wait
		}
		select {
		case <-ctx.Done():
		case c, ok := <-more:
			if !ok {
				in = nil
				continue
			}
			w.chunk = &c
		case a := <-w.answers:
			w.answer(a)
		case j := <-w.settled:
			w.settle(j)
		case <-timer.C:
		}
	}
}

// drainOut waits for the posts and writes that are out; nothing new begins but the writing of fates.
func (w *window) drainOut() {
	for w.posting > 0 || w.settling > 0 {
		select {
		case a := <-w.answers:
			w.answer(a)
		case j := <-w.settled:
			w.settle(j)
		}
	}
}

// leave takes down what the lane shows about itself.
func (w *window) leave() { w.gate.Close() }

// room says whether another batch may be opened.
func (w *window) room() bool { return w.roots+w.batcher.Open() < w.cfg.InFlight+1 }

// enqueue gives a closed batch its place behind the others.
func (w *window) enqueue(b *batch.Batch) {
	w.roots++
	p := &part{root: &root{batch: b, left: len(b.Events)}}
	p.Params = b.Params
	p.setEvents(b.Events)
	w.queue = append(w.queue, p)
}

// wake is how long the loop may sleep if nothing reports.
func (w *window) wake(now time.Time) time.Duration {
	d := time.Hour
	at := func(t time.Time) {
		if t.After(now) { // what is due already waits for a report, not for time
			d = min(d, t.Sub(now))
		}
	}
	if t, ok := w.batcher.NextDue(); ok {
		at(t)
	}
	if t, ok := w.batcher.NextDeadline(); ok {
		at(t)
	}
	for _, p := range w.queue {
		at(p.first.Time())
	}
	w.gate.Times(at)
	return d
}
