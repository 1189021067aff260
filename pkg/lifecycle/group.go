// Package lifecycle starts and stops the parts of a process in one order, written once. Every app uses a Group, every
// main uses Main. It refuses to hide an error: also the error of the part that stops last is reported.
package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// StopWithin bounds a graceful stop.
const StopWithin = 10 * time.Second

// Group runs named parts until one fails or the context ends, then stops them in reverse order, bounded by StopWithin. An
// app adds each part as soon as it is open; if the next one does not open, Abort closes those that did.
type Group struct {
	log   *slog.Logger
	parts []part
}

// part has either run, which stops when its context ends, or stop, which ends something that runs by itself.
type part struct {
	name string
	run  func(ctx context.Context) error
	stop func(ctx context.Context) error
}

// New returns an empty group.
func New(log *slog.Logger) *Group { return &Group{log: log} }

// Go adds a part that runs until its context ends; parts added later are stopped first. If run fails, or returns before
// a stop was asked for, the whole group stops.
func (g *Group) Go(name string, run func(ctx context.Context) error) {
	g.parts = append(g.parts, part{name: name, run: run})
}

// OnStop adds a named function to call when the group stops; it has its place in the same reverse order.
func (g *Group) OnStop(name string, stop func(ctx context.Context) error) {
	g.parts = append(g.parts, part{name: name, stop: stop})
}

// errEarly is the error of a part that returned without being asked to stop.
var errEarly = errors.New("ended by itself")

// running is the state of a part that was started.
type running struct {
	cancel context.CancelFunc
	done   chan struct{}
	asked  bool
	err    error
}

// Run starts the parts and blocks until all have stopped. It returns nil if the stop was requested and no part failed.
func (g *Group) Run(ctx context.Context) error {
	started := make([]*running, len(g.parts))
	var mu sync.Mutex // guards asked
	ended := make(chan struct{}, 1)
	for i, p := range g.parts {
		if p.run == nil {
			continue
		}
		// A part's context does not end with ctx, since the group decides in which order the parts stop.
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		r := &running{cancel: cancel, done: make(chan struct{})}
		started[i] = r
		go func() {
			defer close(r.done)
			err := p.run(own)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case r.asked && errors.Is(err, context.Canceled): // as asked
			case err != nil:
				r.err = fmt.Errorf("running %s: %w", p.name, err)
			case !r.asked:
				r.err = fmt.Errorf("running %s: %w", p.name, errEarly)
			}
			if !r.asked {
				select {
				case ended <- struct{}{}:
				default:
				}
			}
		}()
	}
	if len(g.parts) > 0 {
		select {
		case <-ctx.Done():
		case <-ended:
		}
	}
	return errors.Join(g.stop(ctx, started, &mu)...)
}

// Abort is called instead of Run if the start failed because of cause: the stops added by OnStop are called in reverse
// order, the parts added by Go never ran. It returns cause and the errors of the stops.
func (g *Group) Abort(ctx context.Context, cause error) error {
	errs := g.stop(ctx, make([]*running, len(g.parts)), nil)
	return errors.Join(append([]error{cause}, errs...)...)
}

// stop stops the parts in reverse order. A part added by Go with nil in started never ran and is left out.
func (g *Group) stop(ctx context.Context, started []*running, mu *sync.Mutex) (errs []error) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopWithin)
	defer cancel()
	for i := len(g.parts) - 1; i >= 0; i-- {
		if g.parts[i].run != nil && started[i] == nil {
			continue
		}
		if err := g.stopPart(within, g.parts[i], started[i], mu); err != nil {
			errs = append(errs, err)
			continue
		}
		g.log.Debug("stopped", "part", g.parts[i].name)
	}
	return errs
}

// stopPart asks one part to stop and waits for it, but not longer than within lasts.
func (g *Group) stopPart(within context.Context, p part, r *running, mu *sync.Mutex) error {
	if p.stop != nil {
		if err := p.stop(within); err != nil {
			return fmt.Errorf("stopping %s: %w", p.name, err)
		}
		return nil
	}
	mu.Lock()
	r.asked = true
	mu.Unlock()
	r.cancel()
	select {
	case <-r.done:
	default:
		select {
		case <-r.done:
		case <-within.Done():
			g.log.Error("a part did not stop in time", "part", p.name)
			return fmt.Errorf("stopping %s: %w", p.name, within.Err())
		}
	}
	return r.err
}
