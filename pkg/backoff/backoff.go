// Package backoff is how long to wait before something that failed is tried again. Whatever repeats uses it: the
// producer, consumers, lookups, the forwarder's lanes, the command. It refuses to give up: how often to try, and which
// failures are worth another try, the caller knows.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

// Pauses grow: the first is Min, each next one twice the last, none longer than Max.
type Pauses struct {
	Min, Max time.Duration
	// Jitter makes each any time from nothing up to that ("full jitter"), so that those who failed at the same time do
	// not come back at the same time.
	Jitter bool
}

// After is the pause after so many failures in a row, from 1.
func (p Pauses) After(failures int) time.Duration {
	pause := p.Min
	for ; failures > 1 && pause < p.Max; failures-- {
		pause *= 2
	}
	pause = min(pause, p.Max)
	if p.Jitter {
		return rand.N(pause + 1)
	}
	return pause
}

// Wait waits for that pause; false: ctx ended first.
func (p Pauses) Wait(ctx context.Context, failures int) bool { return Wait(ctx, p.After(failures)) }

// Until tries until it succeeds (nil), or ctx ends: then it returns the last error. failed is told of each error that
// another try follows.
func (p Pauses) Until(ctx context.Context, try func() error, failed func(error)) error {
	for failures := 1; ; failures++ {
		err := try()
		if err == nil || ctx.Err() != nil {
			return err
		}
		failed(err)
		if !p.Wait(ctx, failures) {
			return err
		}
	}
}

// Wait waits for d; false: ctx ended first.
func Wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
