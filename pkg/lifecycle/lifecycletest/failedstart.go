// Package lifecycletest holds what the tests of the services' apps share: the check that a start that fails half-way
// closes everything that it had opened. Only tests import it.
package lifecycletest

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
)

// FailedStart checks that start fails with an error that contains says, that it stops the parts named in closed, in
// that order, and that it leaves no goroutine.
func FailedStart(t *testing.T, start func(context.Context, lifecycle.Deps) error, says string, closed []string) {
	t.Helper()
	others := goleak.IgnoreCurrent()
	defer func() {
		if err := leaktest.Find(others); err != nil {
			t.Error(err)
		}
	}()
	trail := &stopTrail{Handler: slog.DiscardHandler}
	err := start(t.Context(), lifecycle.Deps{Log: slog.New(trail), Level: new(slog.LevelVar)})
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("%v does not say %s", err, says)
	}
	if !slices.Equal(trail.parts, closed) {
		t.Errorf("closed %v, want %v", trail.parts, closed)
	}
}

// TakenPort returns an address on which nobody else can listen.
func TakenPort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// stopTrail is a log handler that keeps the names of the parts that stopped.
type stopTrail struct {
	slog.Handler
	parts []string
}

func (s *stopTrail) Enabled(context.Context, slog.Level) bool { return true }

func (s *stopTrail) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if r.Message == "stopped" && a.Key == "part" {
			s.parts = append(s.parts, a.Value.String())
		}
		return true
	})
	return nil
}
