package lane

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
)

// TestSpanLinksEvents: with tracing on each POST is one span that links the traces of its events.
func TestSpanLinksEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := tracetest.NewSpanRecorder()
		provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
		meta := &gateway{}
		meta.up.Store(true)
		l := New(config(), meta, discard{}, NewMetrics(prometheus.NewRegistry(), []string{"shop"}), provider.Tracer("test"),
			slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(context.Background())
		in, done := make(chan Chunk), make(chan struct{})
		go func() {
			defer close(done)
			l.Work(ctx, context.Background(), in)
		}()
		h := &harness{t: t, offsets: map[int]int64{}}
		sigs := signals(0, 300)
		for i := range sigs[:200] {
			sigs[i].TraceParent = []byte(telemetry.NewTraceParent())
		}
		sigs[250].TraceParent = []byte("no traceparent")
		lc, _ := h.chunkOf(0, append([]event.Signal(nil), sigs...))
		lc.Settler = &counter{}
		in <- lc
		wait(2 * time.Second)
		stop()
		<-done
		spans := recorder.Ended()
		if len(spans) != 1 || spans[0].Name() != "post events" {
			t.Fatalf("%d spans", len(spans))
		}
		if n := len(spans[0].Links()); n != maxLinks {
			t.Errorf("%d links", n)
		}
		if id := spans[0].Links()[0].SpanContext.TraceID().String(); id != string(sigs[0].TraceParent[3:35]) {
			t.Errorf("linked to %s, want %s", id, sigs[0].TraceParent)
		}
	})
}
