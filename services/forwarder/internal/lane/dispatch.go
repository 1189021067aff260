package lane

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// dispatcher posts the parts of the queue, each POST in a goroutine of its own that reports to the loop.
type dispatcher struct {
	queue   *queue
	settler *settler
	gate    *gate.Gate
	poster  Poster
	owner   owner
	tracer  trace.Tracer
	running int // POSTs
	posted  chan posted
}

func newDispatcher(q *queue, s *settler, g *gate.Gate, p Poster, o owner, t trace.Tracer) *dispatcher {
	return &dispatcher{queue: q, settler: s, gate: g, poster: p, owner: o, tracer: t, posted: make(chan posted)}
}

// posted is the report of one POST.
type posted struct {
	part    *part
	answer  Answer
	ticket  gate.Ticket
	started time.Time
	ended   time.Time
}

// settlement is that of all the events posted, which end alike.
func (p *posted) settlement(e event.Ending) *settlement {
	return &settlement{root: p.part.root, Report: fate.Report{
		Events: p.part.Events, Common: e, Attempts: p.part.attempts,
		FBTraceID: p.answer.FBTraceID, Started: p.started, Ended: p.ended,
	}}
}

// dispatch posts the next parts, as many at a time as the gate allows; none while fates cannot be written, nor while
// another may own what they are made of.
func (d *dispatcher) dispatch(ctx context.Context, now time.Time) {
	for range d.queue.due(now) {
		d.gate.Due(now, d.queue.crowded)
	}
	for !d.settler.failing() && d.gate.Free(now, d.running) > 0 && d.owner.sure() {
		p := d.queue.pop(now, d.gate)
		if p == nil {
			return
		}
		if p = d.check(p, now); len(p.Events) > 0 {
			d.post(ctx, p, now)
		}
	}
}

// finish posts the rest of batches of which a part has been refused, as dispatch does, until the drain ends.
func (d *dispatcher) finish(drain context.Context, now time.Time) {
	for drain.Err() == nil && !d.settler.failing() && d.gate.Free(now, d.running) > 0 && d.owner.sure() {
		p := d.queue.popSplit()
		if p == nil {
			return
		}
		if p = d.check(p, now); len(p.Events) > 0 {
			d.post(drain, p, now)
		}
	}
}

// check looks once more at what has waited: persons may have been suppressed since; and Meta measures ages when it receives the
// batch, and one event that is too old refuses all of it. It returns what may be posted now; store rows that have become old in the
// meantime go next.
func (d *dispatcher) check(p *part, now time.Time) *part {
	d.settler.suppress(p, now)
	d.settler.expire(p, now)
	old, others := p.separate(now)
	if old != nil {
		d.queue.front(old)
	}
	return others
}

func (d *dispatcher) post(ctx context.Context, p *part, now time.Time) {
	d.running++
	d.gate.Began(now, p.root.small)
	p.attempts++
	r := posted{part: p, ticket: d.gate.Ticket(), started: now}
	go func() {
		ctx, span := d.tracer.Start(ctx, "post events", trace.WithSpanKind(trace.SpanKindClient))
		if span.IsRecording() {
			linkTraces(span, p.Events) //nolint:contextcheck // the contexts are those of the events' own traces
		}
		r.answer = d.poster.Post(ctx, &p.Request)
		span.SetAttributes(attribute.String("omnicapi.class", string(r.answer.Class)))
		span.End()
		r.ended = time.Now()
		d.posted <- r
	}()
}
