package fate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/deadletter"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// writePauses are between two tries to write fates.
var writePauses = backoff.Pauses{Min: 100 * time.Millisecond, Max: 5 * time.Second}

// Writer writes the fates of one dataset's events. It may be used by several goroutines at a time.
type Writer struct {
	cfg     Config
	pub     stream.Publisher
	metrics *Metrics
	log     *slog.Logger

	failing atomic.Int32 // writes that have failed and are tried again
	last    atomic.Pointer[error]
	buffers buffers
	deaths  deadLog
}

// NewWriter returns a writer that publishes through pub.
func NewWriter(cfg Config, pub stream.Publisher, m *Metrics, log *slog.Logger) *Writer {
	return &Writer{cfg: cfg, pub: deadletter.Publisher{Next: pub, Topic: cfg.DeadLetters, Log: log}, metrics: m, log: log}
}

var errFailing = errors.New("fates cannot be written to kafka")

// Ready is nil unless fates cannot be written.
func (w *Writer) Ready() error {
	if w.Failing() {
		if err := w.last.Load(); err != nil {
			return fmt.Errorf("%w: %w", errFailing, *err)
		}
		return errFailing
	}
	return nil
}

// Failing says whether a write has failed and is being tried again: until it succeeds the lane must not go on, since a fate
// that cannot be written must not be passed by.
func (w *Writer) Failing() bool { return w.failing.Load() > 0 }

// Write returns true when the report is on Kafka and its records are settled, false when ctx ended before: then nobody knows
// whether it is on Kafka, and nothing is settled.
func (w *Writer) Write(ctx context.Context, r *Report) bool {
	b := w.buffers.take()
	defer w.buffers.give(b)
	if !w.publish(ctx, b.recordsOf(r, &w.cfg)) {
		return false
	}
	crashpoint.Reach(crashpoint.ForwarderFated)
	settleRuns(r.Events)
	w.metrics.count(w.cfg.Dataset, r)
	w.deaths.add(w.log, r, time.Now())
	return true
}

// publish tries until Kafka has the records, or ctx ends.
func (w *Writer) publish(ctx context.Context, recs []stream.Record) bool {
	failing := false
	defer func() {
		if failing {
			w.failing.Add(-1)
		}
	}()
	err := writePauses.Until(ctx, func() error { return w.pub.Publish(ctx, recs...) }, func(err error) {
		if !failing && !errors.Is(err, stream.ErrFull) { // full is only a reason to wait
			failing = true
			w.last.Store(&err)
			if w.failing.Add(1) == 1 {
				w.log.Error("lane stands still: writing fates failed", "error", err)
			}
		}
	})
	if err == nil && failing {
		w.log.Info("fates are written again")
	}
	return err == nil
}
