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
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/deadletter"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Worker runs the handler over chunks of raw topics: what a record becomes is on Kafka before the record is settled. A chunk
// that cannot be published is tried again until its generation's drain ends, and then is not settled: the next owner of the
// partition reads it again.
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
		handler: h, names: names, metrics: m, tracer: t, now: now, log: log,
		publisher: deadletter.Publisher{Next: p, Topic: names.DeadLetters(), Log: log},
		parallel:  runtime.GOMAXPROCS(0),
	}
}

// Work handles one generation of one topic's consumer: new chunks until ended, and what is begun until drain ends.
func (w *Worker) Work(ended, drain context.Context, in <-chan stream.Chunk) {
	later := w.newDeferred(ended, drain)
	var all sync.WaitGroup
	for range w.parallel {
		all.Go(func() { w.loop(drain, in, later) })
	}
	all.Wait()
	later.wait()
}

func (w *Worker) loop(drain context.Context, in <-chan stream.Chunk, later *deferred) {
	s, r := NewScratch(), &results{names: w.names}
	for c := range in {
		if c.History || len(c.Records) == 0 || drain.Err() != nil {
			continue
		}
		if !w.chunk(drain, &c, s, r, later) {
			// The producer may still read the buffers that it was given.
			s, r = NewScratch(), &results{names: w.names}
		}
	}
}

// chunk handles, publishes and settles one chunk; false: the drain ended before it was published.
func (w *Worker) chunk(drain context.Context, c *stream.Chunk, s *Scratch, r *results, later *deferred) bool {
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
	r.begin()
	for i := range c.Records {
		rec := &c.Records[i]
		if !event.IsFor(fault.Normalizer, rec) {
			continue // replayed for a consumer of somebody's own
		}
		end := w.handler.Handle(rec, s)
		if s.Waits() {
			r.deferRecord(c, i, s)
			continue
		}
		s.Count(end)
		r.add(rec, end, s, started)
	}
	r.addOutcome(c, started, w.now())
	span.SetAttributes(attribute.Int("omnicapi.ended", len(r.fates)))
	crashpoint.Reach(crashpoint.NormalizerRead)
	if !w.publish(ctx, c, r) {
		return false
	}
	crashpoint.Reach(crashpoint.NormalizerPublished)
	if len(r.fates) > 0 {
		crashpoint.Reach(crashpoint.NormalizerBuried)
	}
	s.counts.bury(r.buried)
	w.metrics.add(w.names.Channel(c.Topic), &s.counts)
	r.settle(c)
	later.take(r.deferred) //nolint:contextcheck // what is deferred outlives the chunk
	return true
}

// publishPauses are between two tries to publish.
var publishPauses = backoff.Pauses{Min: 100 * time.Millisecond, Max: 2 * time.Second}

// publish tries until all results are on Kafka or the drain ends. The producer repeats for a while by itself: an error of
// its means an outage, or that too many bytes wait already.
func (w *Worker) publish(ctx context.Context, c *stream.Chunk, r *results) bool {
	warned := false
	err := publishPauses.Until(ctx, func() error { return r.publish(ctx, w.publisher) }, func(err error) {
		if !warned {
			w.log.Warn("publishing signals failed, trying again", "topic", c.Topic, "partition", c.Partition,
				"offset", c.Records[0].Offset, "error", err)
			warned = true
		}
	})
	return err == nil
}
