package backoff

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestPausesDouble(t *testing.T) {
	p := Pauses{Min: 100 * time.Millisecond, Max: time.Second}
	for failures, want := range []int64{100, 100, 200, 400, 800, 1000, 1000} {
		if got := p.After(failures); got.Milliseconds() != want {
			t.Errorf("after %d failures %s, want %d ms", failures, got, want)
		}
	}
	if got := p.After(math.MaxInt); got != time.Second {
		t.Errorf("after very many %s", got)
	}
	if got := (Pauses{Min: time.Minute, Max: time.Second}).After(1); got != time.Second {
		t.Errorf("a first pause past the longest: %s", got)
	}
}

// TestJitterIsFull: any time from nothing up to the pause itself, and all of that range is used.
func TestJitterIsFull(t *testing.T) {
	p := Pauses{Min: time.Second, Max: 4 * time.Second, Jitter: true}
	for failures, top := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 9: 4 * time.Second} {
		least, most := top, time.Duration(0)
		for range 1000 {
			d := p.After(failures)
			least, most = min(least, d), max(most, d)
		}
		if least < 0 || most > top || least > top/20 || most < top*19/20 {
			t.Errorf("after %d failures from %s to %s, want 0 to %s", failures, least, most, top)
		}
	}
	if got := (Pauses{Jitter: true}).After(3); got != 0 {
		t.Errorf("without bounds: %s", got)
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if !(Pauses{Min: time.Second, Max: time.Minute}).Wait(t.Context(), 3) || time.Since(began) != 4*time.Second {
			t.Errorf("waited %s", time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		if Wait(ctx, time.Hour) || time.Since(began) != time.Second {
			t.Errorf("waited %s past the end of the context", time.Since(began))
		}
	})
}

func TestUntilItSucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, down := Pauses{Min: time.Second, Max: 4 * time.Second}, errors.New("down")
		var at []time.Duration
		told, began := 0, time.Now()
		err := p.Until(t.Context(), func() error {
			if at = append(at, time.Since(began)); len(at) < 5 {
				return down
			}
			return nil
		}, func(err error) {
			if !errors.Is(err, down) {
				t.Errorf("told of %v", err)
			}
			told++
		})
		want := []time.Duration{0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 11 * time.Second}
		if err != nil || told != 4 || !slices.Equal(at, want) {
			t.Errorf("%v, told %d times, tried at %v", err, told, at)
		}
	})
}

// TestUntilEndsWithTheContext: in a pause at once, and with no further try; a try that the end breaks is not told of.
func TestUntilEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, down := Pauses{Min: time.Hour, Max: time.Hour}, errors.New("down")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		tries, told, began := 0, 0, time.Now()
		err := p.Until(ctx, func() error { tries++; return down }, func(error) { told++ })
		if !errors.Is(err, down) || tries != 1 || told != 1 || time.Since(began) != time.Minute {
			t.Errorf("%v after %s, %d tries, told %d times", err, time.Since(began), tries, told)
		}
		ended, end := context.WithCancel(t.Context())
		err = p.Until(ended, func() error { end(); return ended.Err() }, func(error) { t.Error("told of its own end") })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if err := p.Until(ended, func() error { return nil }, nil); err != nil {
			t.Errorf("it is tried once in any case: %v", err)
		}
	})
}
