package handle

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Worker runs the handler over chunks of raw topics: every record's effect is on Kafka before the chunk is settled. A
// chunk that cannot be published is tried until its generation's drain ends and never settled: the next owner reads it
// again.
type Worker struct {
	handler   *Handler
	publisher stream.Publisher
	names     topic.Names
	metrics   *Metrics
	tracer    trace.Tracer
	now       func() time.Time
	log       *slog.Logger
	parallel  int
}

// NewWorker returns a worker; its Work is a stream.Work for one raw topic.
func NewWorker(h *Handler, p stream.Publisher, names topic.Names, m *Metrics, t trace.Tracer, now func() time.Time, log *slog.Logger) *Worker {
	return &Worker{
		handler: h, publisher: p, names: names, metrics: m, tracer: t, now: now, log: log,
		parallel: runtime.GOMAXPROCS(0),
	}
}

// Work handles one generation of one topic's consumer, until ended and then until drain.
func (w *Worker) Work(ended, drain context.Context, in <-chan stream.Chunk) {
	aside := w.newAside(ended, drain)
	var all sync.WaitGroup
	for range w.parallel {
		all.Go(func() { w.loop(drain, in, aside) })
	}
	all.Wait()
	aside.wait()
}

func (w *Worker) loop(drain context.Context, in <-chan stream.Chunk, aside *aside) {
	s, b := NewScratch(), &batch{names: w.names}
	for c := range in {
		if c.History || len(c.Records) == 0 || drain.Err() != nil {
			continue
		}
		if !w.chunk(drain, &c, s, b, aside) {
			// The producer may still read what a given-up publish handed over.
			s, b = NewScratch(), &batch{names: w.names}
		}
	}
}

// chunk handles, publishes and settles one chunk; false: it was given up.
func (w *Worker) chunk(drain context.Context, c *stream.Chunk, s *Scratch, b *batch, aside *aside) bool {
	ctx, span := w.tracer.Start(drain, "normalize chunk", trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(
			attribute.String("messaging.destination.name", c.Topic),
			attribute.Int("messaging.destination.partition.id", c.Partition),
			attribute.Int64("messaging.kafka.offset", c.Records[0].Offset),
			attribute.Int("messaging.batch.message_count", len(c.Records)),
		))
	defer span.End()
	started := w.now()
	s.Begin()
	b.begin()
	for i := range c.Records {
		rec := &c.Records[i]
		end := w.handler.Handle(rec, s)
		if s.Waits() {
			b.setAside(c, i, s)
			continue
		}
		s.Count(end)
		b.add(rec, end, s, started)
	}
	b.seal(c, started, w.now())
	span.SetAttributes(attribute.Int("omnicapi.ended", len(b.fates)))
	if !w.publish(ctx, c, b) {
		return false
	}
	w.metrics.add(w.names.Channel(c.Topic), &s.tally)
	b.settle(c)
	aside.take(b.waiting)
	return true
}

// publishPauses are between two tries to publish.
var publishPauses = backoff.Pauses{Min: 100 * time.Millisecond, Max: 2 * time.Second}

// publish tries until all of b is on Kafka or the drain ends. The producer has its own patience; what comes back from it
// is an outage, or too many bytes waiting.
func (w *Worker) publish(ctx context.Context, c *stream.Chunk, b *batch) bool {
	warned := false
	err := publishPauses.Until(ctx, func() error { return b.publish(ctx, w.publisher) }, func(err error) {
		if !warned {
			w.log.Warn("publishing signals failed, trying again", "topic", c.Topic, "partition", c.Partition,
				"offset", c.Records[0].Offset, "err", err)
			warned = true
		}
	})
	return err == nil
}
