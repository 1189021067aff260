// Package telemetry makes the logger and the tracer of a process. Every main and app uses it. It refuses to carry
// personal data: attributes and log fields are our own ids, counts and values of closed lists.
package telemetry

import (
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"github.com/omnicapi/omnicapi/pkg/visible"
)

// Logger writes text to a terminal, else JSON; the level can be changed while it runs. Both show what is no text in names and
// messages as escapes.
func Logger(w io.Writer, service string) (*slog.Logger, *slog.LevelVar) {
	level := new(slog.LevelVar)
	options := &slog.HandlerOptions{Level: level}
	out := visible.Writer(w) // logs are looked at on terminals, JSON too
	var h slog.Handler = slog.NewJSONHandler(out, options)
	if isTerminal(w) {
		h = slog.NewTextHandler(out, options)
	}
	return slog.New(h).With("service", service), level
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
