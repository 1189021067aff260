package telemetry

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestHungCollectorHoldsUpNobody (F80): a collector that takes spans and never answers. Who traces does not wait for it, and a
// stop ends when its caller wants it to.
func TestHungCollectorHoldsUpNobody(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-release
	}))
	defer server.Close()
	defer close(release)
	tracer, stop, err := Tracer(t.Context(), "ingest", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for range 20_000 { // ten times what may wait
		_, span := tracer.Start(t.Context(), "x")
		span.End()
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("tracing waited %s for the collector", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := stop(ctx); err == nil {
		t.Error("the stop says that all was exported")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %s", took)
	}
	http.DefaultClient.CloseIdleConnections()
}
