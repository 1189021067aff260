package handle

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// maxDeferred is how many records of a generation wait for lookups; with more, its partitions wait as well.
const maxDeferred = 1000

// deferredRecord is a record that waits for a lookup while its chunk goes on.
type deferredRecord struct {
	rec     stream.Record // a copy: it may outlive its chunk by days
	chunk   stream.Chunk  // without records: only to settle
	index   int
	leads   *enrich.Leads
	lead    string
	until   time.Time
	answers *enrich.Answers
}

// deferRecord puts off the record that Handle just said waits.
func (r *results) deferRecord(c *stream.Chunk, i int, s *Scratch) {
	rec := c.Records[i]
	rec.Key, rec.Value, rec.Headers = bytes.Clone(rec.Key), bytes.Clone(rec.Value), slices.Clone(rec.Headers)
	for j := range rec.Headers {
		rec.Headers[j].Value = bytes.Clone(rec.Headers[j].Value)
	}
	own := *c
	own.Records = nil
	r.deferred = append(r.deferred, deferredRecord{rec: rec, chunk: own, index: i, leads: s.src.leads, lead: s.lead.id, until: s.lead.until})
}

// deferred is the records of a generation that wait for lookups. Each is asked for by a goroutine of its own; once answered
// they are handled, published and settled one by one. When the generation ends they are forgotten: the next owner reads
// them again.
type deferred struct {
	w       *Worker
	ended   context.Context //nolint:containedctx // what is deferred lives as long as its generation
	drain   context.Context //nolint:containedctx // as above
	room    chan struct{}   // one for each record that waits
	ready   chan *deferredRecord
	asking  sync.WaitGroup
	finish  sync.WaitGroup
	started sync.Once
}

func (w *Worker) newDeferred(ended, drain context.Context) *deferred {
	return &deferred{w: w, ended: ended, drain: drain, room: make(chan struct{}, maxDeferred), ready: make(chan *deferredRecord)}
}

// take starts the lookups of a list; it waits while there is no room for more.
func (d *deferred) take(list []deferredRecord) {
	if len(list) == 0 {
		return
	}
	d.started.Do(func() { d.finish.Go(d.run) })
	for i := range list {
		select {
		case d.room <- struct{}{}:
		case <-d.ended.Done():
			return
		}
		d.w.metrics.deferred(d.w.names.Channel(list[i].rec.Topic), 1)
		d.asking.Go(func() { d.ask(&list[i]) })
	}
}

// ask asks for a record's lead until there is an answer, the record may wait no longer, or the generation ends.
func (d *deferred) ask(r *deferredRecord) {
	defer func() {
		d.w.metrics.deferred(d.w.names.Channel(r.rec.Topic), -1)
		<-d.room
	}()
	ctx, cancel := context.WithTimeout(d.ended, r.until.Sub(d.w.now()))
	defer cancel()
	r.answers = r.leads.Ask(ctx, r.lead)
	if d.ended.Err() != nil {
		return
	}
	if r.answers == nil {
		r.leads.Count(enrich.Expired)
	}
	select {
	case d.ready <- r:
	case <-d.ended.Done():
	}
}

// run finishes the records whose lookups have ended.
func (d *deferred) run() {
	s, res := NewScratch(), &results{names: d.w.names}
	for r := range d.ready {
		if !d.w.finish(d.drain, r, s, res) {
			s, res = NewScratch(), &results{names: d.w.names}
		}
	}
}

// wait returns once all records are settled or forgotten.
func (d *deferred) wait() {
	d.asking.Wait()
	close(d.ready)
	d.finish.Wait()
}

// finish handles, publishes and settles a record that waited; false: the drain ended before it was published.
func (w *Worker) finish(drain context.Context, r *deferredRecord, s *Scratch, res *results) bool {
	ctx, span := w.tracer.Start(drain, "normalize held record", trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(
			attribute.String("messaging.destination.name", r.rec.Topic),
			attribute.Int("messaging.destination.partition.id", r.rec.Partition),
			attribute.Int64("messaging.kafka.offset", r.rec.Offset),
		))
	defer span.End()
	started := w.now()
	s.Begin()
	res.begin()
	end := w.handler.HandleAnswered(&r.rec, s, r.answers)
	s.Count(end)
	res.add(&r.rec, end, s, started)
	one := stream.Chunk{Topic: r.rec.Topic, Partition: r.rec.Partition, Records: []stream.Record{r.rec}}
	res.addOutcome(&one, started, w.now())
	if !w.publish(ctx, &one, res) {
		return false
	}
	s.counts.bury(res.buried)
	w.metrics.add(w.names.Channel(r.rec.Topic), &s.counts)
	r.chunk.Settle(r.index)
	return true
}
