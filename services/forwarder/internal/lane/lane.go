package lane

import (
	"context"
	"log/slog"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
	"go.opentelemetry.io/otel/trace"
)

// Config is one dataset's part of the configuration.
type Config struct {
	Dataset       string // its name; never its id
	Limits        batch.Limits
	InFlight      int           // POSTs at a time
	Dedup         int           // records a partition looks back for duplicates; 0: off
	Deadline      time.Duration // from arrival
	TestEventCode string
	Outcomes      string // topic
	DeadLetters   string // topic
	// Credentials changes when the token (or app secret) does; nil: it never does. It may look at files.
	Credentials func() uint64
}

// Chunk is what one fetch of one partition brought, in offset order.
type Chunk struct {
	Partition int
	Records   []stream.Record
	History   bool          // before the committed offset: for the memory of duplicates only
	Settler   batch.Settler // *stream.Chunk
}

// Lane is the sender of one dataset. Work runs one generation of its consumer at a time.
type Lane struct {
	cfg     Config
	poster  Poster
	fates   *fate.Writer
	metrics *Metrics
	tracer  trace.Tracer
	log     *slog.Logger

	refusals int // events refused alone in a row, for no known fault of theirs; kept over rebalances
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

// Work forwards what in brings until ctx ends; then no POST begins, and what is out has until drain ends. It returns with
// nothing of its own running. What is not settled by then is forgotten: its next owner reads it again.
func (l *Lane) Work(ctx, drain context.Context, in <-chan Chunk) {
	w := newWindow(drain, l)
	w.run(ctx, in)
	w.drainOut()
	w.leave()
}
