// Package telemetry makes the logger and the tracer of a process. Every main and app uses it. It refuses to carry
// personal data: attributes and log fields are ids of ours, counts and closed lists.
package telemetry

import (
	"context"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// THIS FILE IS THE AGREED API; the owner of pkg/telemetry completes it.

// Logger writes text to a terminal, else JSON; the level can be changed while it runs.
func Logger(w io.Writer, service string) (*slog.Logger, *slog.LevelVar) { panic("unbuilt") }

// Tracer exports by OTLP over HTTP to endpoint, or does nothing when it is "". stop flushes.
func Tracer(ctx context.Context, service, endpoint string) (t trace.Tracer, stop func(context.Context) error, err error) {
	panic("unbuilt")
}

// TraceParent is the W3C header of a context's span, "" if there is none.
func TraceParent(ctx context.Context) string { panic("unbuilt") }

// WithTraceParent continues a trace from its W3C header; a bad one starts a new trace.
func WithTraceParent(ctx context.Context, traceparent string) context.Context { panic("unbuilt") }

// NewTraceParent makes a random sampled W3C traceparent, for a request that came without one.
func NewTraceParent() string { panic("unbuilt") }
