package lane

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// maxLinks is how many links a span keeps (the SDK's own limit).
const maxLinks = 128

// linkTraces links the span of a POST to the traces of its events.
func linkTraces(span trace.Span, events []batch.Event) {
	span.SetAttributes(attribute.Int("omnicapi.events", len(events)))
	n := 0
	for i := range events {
		tp := events[i].Record.Header("traceparent")
		if len(tp) == 0 {
			continue
		}
		ctx := telemetry.WithTraceParent(context.Background(), string(tp))
		if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
			span.AddLink(trace.Link{SpanContext: sc})
			if n++; n == maxLinks {
				return
			}
		}
	}
}
