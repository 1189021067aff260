package lane

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// Lane is the sender of one dataset. It lives as long as the process and runs one generation of its consumer at a time; what
// it holds itself outlasts a rebalance, all else is a window's.
type Lane struct {
	cfg      Config
	poster   Poster
	fates    *fate.Writer
	refusals refusals
	usage    gate.Usage
	metrics  *Metrics
	tracer   trace.Tracer
	log      *slog.Logger
}

// New returns a lane that writes fates to pub and posts through poster.
func New(cfg Config, poster Poster, pub stream.Publisher, m *Metrics, tracer trace.Tracer, log *slog.Logger) *Lane {
	if cfg.Credentials == nil {
		cfg.Credentials = func() uint64 { return 0 }
	}
	log = log.With("dataset", cfg.Dataset)
	topics := fate.Config{Dataset: cfg.Dataset, Outcomes: cfg.Outcomes, DeadLetters: cfg.DeadLetters}
	return &Lane{
		cfg: cfg, poster: poster, fates: fate.NewWriter(topics, pub, m.fate, log), metrics: m, tracer: tracer, log: log,
	}
}

// Ready is nil unless fates cannot be written. A parked or paused lane is ready: it does its job.
func (l *Lane) Ready() error { return l.fates.Ready() }

// Work forwards what in brings until ctx ends; after that no POST begins but those that isolate a refused event, and all that are
// running have until drain ends.
// It returns when nothing of its own runs any more. What is not settled by then is forgotten: the next owner of the partition
// reads it again.
func (l *Lane) Work(ctx, drain context.Context, in <-chan Chunk) {
	g := gate.New(gate.Config{
		Dataset: l.cfg.Dataset, InFlight: l.cfg.InFlight, Credentials: l.cfg.Credentials, Usage: &l.usage,
		Metrics: l.metrics.gate, Log: l.log,
	})
	defer g.Close()
	s := newSettler(drain, l.fates, l.cfg.Suppressed)
	q := newQueue(&l.cfg, s)
	r := newReader(&l.cfg, q, s)
	o := owner{alive: func() bool { return stream.Alive(ctx) }, log: l.log}
	d := newDispatcher(q, s, g, l.poster, o, l.tracer)
	i := &isolation{queue: q, settler: s, gate: g, refusals: &l.refusals}
	a := &answers{dataset: l.cfg.Dataset, queue: q, settler: s, gate: g, isolation: i, refusals: &l.refusals, metrics: l.metrics}

	w := &window{gate: g, reader: r, queue: q, dispatcher: d, answers: a, settler: s}
	w.run(ctx, drain, in)
	w.finish(drain)
}
