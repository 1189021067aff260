package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Backoff bounds the pauses between tries. Each is random (full jitter) from nothing to a bound, which doubles from Min
// to Max.
type Backoff struct{ Min, Max time.Duration }

// pauses returns the pauses of b, with defaults for what b leaves at zero.
func (b Backoff) pauses() backoff.Pauses {
	p := backoff.Pauses{Min: 100 * time.Millisecond, Max: 30 * time.Second, Jitter: true}
	if b.Min != 0 {
		p.Min = b.Min
	}
	if b.Max != 0 {
		p.Max = b.Max
	}
	return p
}

// retry tries a record again until it succeeds, can never be handled, or was tried for giveUp.
type retry struct {
	pauses backoff.Pauses
	giveUp time.Duration // 0: never
	log    *slog.Logger
}

// gaveUp is the error of a record that is not tried again: why it is dead, and how often it was tried.
type gaveUp struct {
	end      *fault.Error
	attempts int
}

func (g *gaveUp) Error() string { return g.end.Error() }
func (g *gaveUp) Unwrap() error { return g.end }

// errStopped means that the generation ended while a record waited for its next try.
var errStopped = errors.New("stopped between two tries")

func (r retry) around(next Handler) Handler {
	return func(ctx context.Context, rec *stream.Record) error {
		began, said := time.Now(), ""
		for attempt := 1; ; attempt++ {
			err := next(ctx, rec)
			if err == nil {
				return nil
			}
			if end := fault.Of(err); end != nil {
				return &gaveUp{end, attempt}
			}
			if r.giveUp > 0 && time.Since(began) >= r.giveUp {
				return &gaveUp{fault.New(fault.Failed, ""), attempt}
			}
			if text := err.Error(); text != said { // an outage is one line, not one a try
				said = text
				r.log.Warn("a record is tried again", "topic", rec.Topic, "partition", rec.Partition, "offset", rec.Offset, "error", err)
			}
			if !r.pauses.Wait(stopping(ctx), attempt) {
				return fmt.Errorf("trying %s/%d again: %w", rec.Topic, rec.Partition, errStopped)
			}
		}
	}
}
