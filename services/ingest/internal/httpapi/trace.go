package httpapi

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/telemetry"
)

// trace continues the sender's trace or starts one.
func (a *API) trace(r *http.Request) (context.Context, trace.Span, string) {
	ctx := r.Context()
	if h := r.Header.Get("Traceparent"); h != "" {
		ctx = telemetry.WithTraceParent(ctx, h)
	}
	ctx, span := a.tracer.Start(ctx, "store event")
	traceparent := telemetry.TraceParent(ctx)
	if traceparent == "" {
		traceparent = telemetry.NewTraceParent()
	}
	return ctx, span, traceparent
}

// traceID is the 32 digits of a traceparent.
func traceID(traceparent string) string {
	const from, to = len("00-"), len("00-") + 32
	if len(traceparent) < to {
		return ""
	}
	return traceparent[from:to]
}
