package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var quiet = slog.New(slog.DiscardHandler)

// trail notes what stopped, in order.
type trail struct {
	mu    sync.Mutex
	names []string
}

func (t *trail) note(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names = append(t.names, name)
}

func (t *trail) part(name string) func(context.Context) error {
	return func(ctx context.Context) error {
		<-ctx.Done()
		t.note(name)
		return ctx.Err()
	}
}

func (t *trail) stop(name string) func(context.Context) error {
	return func(context.Context) error { t.note(name); return nil }
}

func TestGroupStopsInReverseOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen trail
		g := New(quiet)
		g.OnStop("client", seen.stop("client"))
		g.Go("producer", seen.part("producer"))
		g.OnStop("flush", seen.stop("flush"))
		g.Go("server", seen.part("server"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := g.Run(ctx); err != nil {
			t.Errorf("a requested stop returned %v", err)
		}
		if want := []string{"server", "flush", "producer", "client"}; !slices.Equal(seen.names, want) {
			t.Errorf("stopped %v, want %v", seen.names, want)
		}
	})
}

func TestGroupEndsWithAPart(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		run  func(context.Context) error
		want error
	}{
		"by its error":  {func(context.Context) error { return broken }, broken},
		"by its return": {func(context.Context) error { return nil }, errEarly},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen trail
				g := New(quiet)
				g.Go("before", seen.part("before"))
				g.Go("it", tt.run)
				g.Go("after", seen.part("after"))
				err := g.Run(t.Context())
				if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), "running it") {
					t.Errorf("got %v", err)
				}
				if !slices.Equal(seen.names, []string{"after", "before"}) {
					t.Errorf("stopped %v", seen.names)
				}
			})
		})
	}
}

func TestGroupReportsErrorsOfTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, last := errors.New("first"), errors.New("last")
		g := New(quiet)
		g.OnStop("client", func(context.Context) error { return last })
		g.Go("server", func(ctx context.Context) error { <-ctx.Done(); return first })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := g.Run(ctx)
		if !errors.Is(err, first) || !errors.Is(err, last) || errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestGroupDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var seen trail
		g := New(quiet)
		g.OnStop("client", func(ctx context.Context) error { seen.note("client"); return ctx.Err() })
		g.Go("deaf", func(context.Context) error { <-release; return nil })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		start := time.Now()
		err := g.Run(ctx)
		if took := time.Since(start); took != StopWithin {
			t.Errorf("took %s", took)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stopping deaf") {
			t.Errorf("got %v", err)
		}
		if !slices.Equal(seen.names, []string{"client"}) {
			t.Error("what comes after the deaf part was not stopped")
		}
		close(release)
	})
}

func TestEmptyGroupEnds(t *testing.T) {
	if err := New(quiet).Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAbortClosesWhatWasOpened: a start that fails half-way leaves nothing open, runs nothing, and reports all errors.
func TestAbortClosesWhatWasOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause, stuck := errors.New("port in use"), errors.New("stuck")
		var seen trail
		g := New(quiet)
		g.OnStop("client", seen.stop("client"))
		g.OnStop("producer", func(ctx context.Context) error {
			seen.note("producer")
			if ctx.Err() != nil {
				t.Error("no time to stop in")
			}
			return stuck
		})
		g.Go("server", func(context.Context) error { t.Error("ran"); return nil })
		g.OnStop("admin", seen.stop("admin"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // also when the start failed because of it
		err := g.Abort(ctx, cause)
		if !errors.Is(err, cause) || !errors.Is(err, stuck) || !strings.Contains(err.Error(), "stopping producer") {
			t.Errorf("got %v", err)
		}
		if want := []string{"admin", "producer", "client"}; !slices.Equal(seen.names, want) {
			t.Errorf("stopped %v, want %v", seen.names, want)
		}
	})
}

// TestTogetherSharesTheStop: parts that belong together are told to stop at once, and one that fails ends the others.
func TestTogetherSharesTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context) error {
			<-ctx.Done()
			<-time.After(8 * time.Second) // of the bubble
			return nil
		}
		g := New(quiet)
		g.Go("consumers", Together(slow, slow, slow))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		if err := g.Run(ctx); err != nil || time.Since(began) != 9*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		broken := errors.New("broken")
		for want, run := range map[error]func(context.Context) error{
			broken:   func(context.Context) error { return broken },
			errEarly: func(context.Context) error { return nil },
		} {
			if err := Together(slow, run)(t.Context()); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		began = time.Now()
		if err := Together()(ctx); err != nil || time.Since(began) != time.Minute {
			t.Errorf("none: %v after %s", err, time.Since(began))
		}
	})
}
