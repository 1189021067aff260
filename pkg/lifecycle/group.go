// Package lifecycle starts and stops the parts of a process in one order, written once. Every app uses a Group, every
// main uses Main. It refuses to hide an error: what stops last is still reported.
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

// part is either a run that stops when its context ends, or a stop of something that runs by itself.
type part struct {
	name string
	run  func(ctx context.Context) error
	stop func(ctx context.Context) error
}

// New returns an empty group.
func New(log *slog.Logger) *Group { return &Group{log: log} }

// Go adds a part that runs until its context ends; parts added later are stopped first. Its error, or its return before
// a stop was asked for, stops the group.
func (g *Group) Go(name string, run func(ctx context.Context) error) {
	g.parts = append(g.parts, part{name: name, run: run})
}

// OnStop adds a named stop that takes its place in the same reverse order.
func (g *Group) OnStop(name string, stop func(ctx context.Context) error) {
	g.parts = append(g.parts, part{name: name, stop: stop})
}

// errEarly: a part returned without being asked to.
var errEarly = errors.New("ended by itself")

// running is a started part.
type running struct {
	cancel context.CancelFunc
	done   chan struct{}
	asked  bool
	err    error
}

// Run blocks. A requested stop returns nil.
func (g *Group) Run(ctx context.Context) error {
	started := make([]*running, len(g.parts))
	var mu sync.Mutex // guards asked
	ended := make(chan struct{}, 1)
	for i, p := range g.parts {
		if p.run == nil {
			continue
		}
		// A part's context does not end with ctx: the order of the stop is the group's.
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

// Abort is for a start that failed because of cause, instead of Run: what OnStop added stops in reverse order, what Go
// added never ran. It returns cause and the errors of the stops.
func (g *Group) Abort(ctx context.Context, cause error) error {
	errs := g.stop(ctx, make([]*running, len(g.parts)), nil)
	return errors.Join(append([]error{cause}, errs...)...)
}

// stop stops the parts in reverse order; a part of Go whose place in started is empty never ran.
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

// stopPart ends one part and waits for it; past the bound it is told to end but no longer waited for.
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
