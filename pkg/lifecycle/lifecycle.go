// Package lifecycle starts and stops the parts of a process in one order, written once. Every app uses a Group, every
// main uses Main. It refuses to hide an error: what stops last is still reported.
package lifecycle

import (
	"context"
	"log/slog"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// THIS FILE IS THE AGREED API; the owner of pkg/lifecycle completes it.

// StopWithin bounds a graceful stop.
const StopWithin = 10 * time.Second

// Group runs named parts until one fails or the context ends, then stops them in reverse order, bounded by StopWithin.
type Group struct{}

// New returns an empty group.
func New(log *slog.Logger) *Group { panic("unbuilt") }

// Go adds a part that runs until its context ends; parts added later are stopped first. Its error, or its return before
// a stop was asked for, stops the group.
func (g *Group) Go(name string, run func(ctx context.Context) error) { panic("unbuilt") }

// OnStop adds a named stop that takes its place in the same reverse order.
func (g *Group) OnStop(name string, stop func(ctx context.Context) error) { panic("unbuilt") }

// Run blocks. A requested stop returns nil.
func (g *Group) Run(ctx context.Context) error { panic("unbuilt") }

// Deps is what a process hands to an app's Run. Started may be nil; it is called once per listener ("public", "admin").
type Deps struct {
	Log     *slog.Logger
	Level   *slog.LevelVar
	Started func(name, addr string)
}

// Main is the whole of a service's main: flags -c FILE and --check, configuration, logger, signals (a second one ends at
// once) and the exit code: 0 done, 1 failed, 2 wrong usage or configuration.
func Main(service string, role config.Role, run func(ctx context.Context, cfg *config.Config, d Deps) error) (exit int) {
	panic("unbuilt")
}
