package lane

import (
	"context"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// posted is the report of one POST.
type posted struct {
	part    *part
	answer  Answer
	ticket  gate.Ticket
	started time.Time
	ended   time.Time
}

// dispatch posts the next parts as wide as the gate allows.
func (w *window) dispatch(now time.Time) {
	for !w.fates.Failing() {
		if w.gate.Free(now, w.posting) <= 0 {
			return
		}
		p := w.pop(now)
		if p == nil {
			return
		}
		if p = w.ready(p, now); p != nil {
			w.post(p, now)
		}
	}
}

// pop takes the next part. Batches that have lingered are closed first, so that one that fails again and again does not
// keep them open.
func (w *window) pop(now time.Time) *part {
	for b := w.batcher.Due(now); b != nil; b = w.batcher.Due(now) {
		w.enqueue(b)
	}
	if len(w.queue) == 0 {
		return nil
	}
	p := w.queue[0]
	w.queue = slices.Delete(w.queue, 0, 1)
	return p
}

// front puts parts before all others, in their order; back behind them.
func (w *window) front(parts ...*part) { w.queue = slices.Insert(w.queue, 0, parts...) }
func (w *window) back(p *part)         { w.queue = append(w.queue, p) }

// ready looks at the ages again: Meta measures them when it receives the batch, and one event too old refuses all of it.
// Store rows that have become old since they were gathered go apart. It returns what may be posted now, nil for nothing.
func (w *window) ready(p *part, now time.Time) *part {
	if p = w.cutExpired(p, now); p == nil {
		return nil
	}
	apart := 0
	for i := range p.Events {
		if p.Events[i].Apart(now) {
			apart++
		}
	}
	if apart == 0 || apart == len(p.Events) {
		return p
	}
	old, rest := cut(p.Events, func(e *batch.Event) bool { return e.Apart(now) })
	w.front(newPart(old, p))
	return newPart(rest, p)
}

// expire ends the events whose deadline has passed while they wait: also while the lane is parked, so that a lane nobody
// repairs walks on.
func (w *window) expire(now time.Time) {
	for b := w.batcher.Expiring(now); b != nil; b = w.batcher.Expiring(now) {
		w.enqueue(b)
	}
	w.queue = slices.DeleteFunc(w.queue, func(p *part) bool { return w.cutExpired(p, now) == nil })
}

// cutExpired ends the expired events of a part and returns it with the rest; nil when none is left.
func (w *window) cutExpired(p *part, now time.Time) *part {
	if batch.At(now) < p.first {
		return p
	}
	dead, live := cut(p.Events, func(e *batch.Event) bool { return e.Expired(now) })
	w.write(&settlement{root: p.root, Report: fate.Report{Events: dead, Common: expired, Attempts: p.attempts, Started: now, Ended: now}})
	if len(live) == 0 {
		return nil
	}
	p.setEvents(live)
	return p
}

// cut copies the events that are so, and the others.
func cut(events []batch.Event, so func(*batch.Event) bool) (these, others []batch.Event) {
	for i := range events {
		if so(&events[i]) {
			these = append(these, events[i])
		} else {
			others = append(others, events[i])
		}
	}
	return these, others
}

// post sends a part in a goroutine of its own, which reports to the loop.
func (w *window) post(p *part, now time.Time) {
	w.posting++
	p.attempts++
	r := posted{part: p, ticket: w.gate.Ticket(), started: now}
	go func() {
		ctx, span := w.tracer.Start(w.drain, "post events", trace.WithSpanKind(trace.SpanKindClient))
		if span.IsRecording() {
			link(span, p.Events)
		}
		r.answer = w.poster.Post(ctx, &p.Request)
		span.SetAttributes(attribute.String("omnicapi.class", string(r.answer.Class)))
		span.End()
		r.ended = time.Now()
		w.answers <- r
	}()
}

// maxLinks is how many links a span keeps (the SDK's own limit).
const maxLinks = 128

// link joins the traces of the events to the span of their batch.
func link(span trace.Span, events []batch.Event) {
	span.SetAttributes(attribute.Int("omnicapi.events", len(events)))
	n := 0
	for i := range events {
		tp := events[i].Record.Header("traceparent")
		if len(tp) == 0 {
			continue
		}
		ctx := telemetry.WithTraceParent(context.Background(), string(tp))
		if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
			span.AddLink(trace.Link{SpanContext: sc})
			if n++; n == maxLinks {
				return
			}
		}
	}
}
