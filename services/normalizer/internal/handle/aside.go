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

// maxAside is how many records of a generation wait for lookups; with more, its partitions wait as well.
const maxAside = 1000

// waiting is a record set aside from its chunk until a lookup has an answer.
type waiting struct {
	rec     stream.Record // a copy: it outlives its chunk by days at worst
	chunk   stream.Chunk  // without records: only to settle
	index   int
	leads   *enrich.Leads
	lead    string
	until   time.Time
	answers *enrich.Answers
}

// setAside takes the record that Handle just said waits out of the chunk.
func (b *batch) setAside(c *stream.Chunk, i int, s *Scratch) {
	rec := c.Records[i]
	rec.Key, rec.Value, rec.Headers = bytes.Clone(rec.Key), bytes.Clone(rec.Value), slices.Clone(rec.Headers)
	for j := range rec.Headers {
		rec.Headers[j].Value = bytes.Clone(rec.Headers[j].Value)
	}
	own := *c
	own.Records = nil
	b.waiting = append(b.waiting, waiting{rec: rec, chunk: own, index: i, leads: s.src.leads, lead: s.lookup.lead, until: s.lookup.until})
}

// settle settles the chunk but for what was set aside.
func (b *batch) settle(c *stream.Chunk) {
	if len(b.waiting) == 0 {
		c.SettleAll()
		return
	}
	from := 0
	for i := range b.waiting {
		c.SettleRun(from, b.waiting[i].index-from)
		from = b.waiting[i].index + 1
	}
	c.SettleRun(from, len(c.Records)-from)
}

// aside is the records of a generation that wait for lookups. Each is asked for on its own; answered ones are handled,
// published and settled one by one. When the generation ends they are forgotten: the next owner reads them again.
type aside struct {
	w       *Worker
	ended   context.Context //nolint:containedctx // a generation's life is what an aside is about
	drain   context.Context //nolint:containedctx // as above
	room    chan struct{}
	ready   chan *waiting
	asking  sync.WaitGroup
	finish  sync.WaitGroup
	started sync.Once
}

func (w *Worker) newAside(ended, drain context.Context) *aside {
	return &aside{w: w, ended: ended, drain: drain, room: make(chan struct{}, maxAside), ready: make(chan *waiting)}
}

// take starts to ask for what was set aside; it waits while there is no room for more.
func (a *aside) take(list []waiting) {
	if len(list) == 0 {
		return
	}
	a.started.Do(func() { a.finish.Go(a.run) })
	for i := range list {
		select {
		case a.room <- struct{}{}:
		case <-a.ended.Done():
			return
		}
		a.w.metrics.aside(a.w.names.Channel(list[i].rec.Topic), 1)
		a.asking.Go(func() { a.ask(&list[i]) })
	}
}

// ask asks until there is an answer, the record's time is over or the generation ends.
func (a *aside) ask(r *waiting) {
	defer func() {
		a.w.metrics.aside(a.w.names.Channel(r.rec.Topic), -1)
		<-a.room
	}()
	ctx, cancel := context.WithTimeout(a.ended, r.until.Sub(a.w.now()))
	defer cancel()
	r.answers = r.leads.Ask(ctx, r.lead)
	if a.ended.Err() != nil {
		return
	}
	if r.answers == nil {
		r.leads.Count(enrich.Expired)
	}
	select {
	case a.ready <- r:
	case <-a.ended.Done():
	}
}

// run finishes records as they are answered.
func (a *aside) run() {
	s, b := NewScratch(), &batch{names: a.w.names}
	for r := range a.ready {
		if !a.w.finish(a.drain, r, s, b) {
			s, b = NewScratch(), &batch{names: a.w.names}
		}
	}
}

// wait returns once all is settled or forgotten.
func (a *aside) wait() {
	a.asking.Wait()
	close(a.ready)
	a.finish.Wait()
}

// finish handles, publishes and settles a record that waited; false: it was given up.
func (w *Worker) finish(drain context.Context, r *waiting, s *Scratch, b *batch) bool {
	ctx, span := w.tracer.Start(drain, "normalize held record", trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(
			attribute.String("messaging.destination.name", r.rec.Topic),
			attribute.Int("messaging.destination.partition.id", r.rec.Partition),
			attribute.Int64("messaging.kafka.offset", r.rec.Offset),
		))
	defer span.End()
	started := w.now()
	s.Begin()
	b.begin()
	end := w.handler.HandleAnswered(&r.rec, s, r.answers)
	s.Count(end)
	b.add(&r.rec, end, s, started)
	one := stream.Chunk{Topic: r.rec.Topic, Partition: r.rec.Partition, Records: []stream.Record{r.rec}}
	b.seal(&one, started, w.now())
	if !w.publish(ctx, &one, b) {
		return false
	}
	w.metrics.add(w.names.Channel(r.rec.Topic), &s.tally)
	r.chunk.Settle(r.index)
	return true
}
