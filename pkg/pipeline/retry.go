package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Backoff bounds a pause: full jitter, from nothing up to a bound that doubles from Min to Max.
type Backoff struct{ Min, Max time.Duration }

func (b Backoff) orDefault() Backoff {
	if b.Min == 0 {
		b.Min = 100 * time.Millisecond
	}
	if b.Max == 0 {
		b.Max = 30 * time.Second
	}
	return b
}

// pause is the wait before try n+1, n from 1.
func (b Backoff) pause(n int) time.Duration {
	bound := b.Min
	for ; n > 1 && bound < b.Max; n-- {
		bound *= 2
	}
	return rand.N(min(bound, b.Max) + 1)
}

// Retry tries a record again until it succeeds, fails for good, or is given up.
type Retry struct {
	Backoff Backoff
	GiveUp  time.Duration // 0: never
	Log     *slog.Logger
}

// gaveUp is a record that was tried for GiveUp: it is dead, and says how often it was tried.
type gaveUp struct {
	end      *fault.Error
	attempts int
}

func (g *gaveUp) Error() string { return g.end.Error() }
func (g *gaveUp) Unwrap() error { return g.end }

// errStopped: the generation ended while a record waited for its next try.
var errStopped = errors.New("stopped between two tries")

func (r Retry) around(next Handler) Handler {
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
			if r.GiveUp > 0 && time.Since(began) >= r.GiveUp {
				return &gaveUp{fault.New(fault.Failed, ""), attempt}
			}
			if text := err.Error(); text != said { // an outage is one line, not one a try
				said = text
				r.Log.Warn("a record is tried again", "topic", rec.Topic, "partition", rec.Partition, "offset", rec.Offset, "error", err)
			}
			if !wait(ctx, r.Backoff.pause(attempt)) {
				return fmt.Errorf("trying %s/%d again: %w", rec.Topic, rec.Partition, errStopped)
			}
		}
	}
}

// wait returns false if the generation ends before the pause does.
func wait(ctx context.Context, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-stopping(ctx):
		return false
	}
}
