package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func TestLoggerWritesJSONAndChangesLevel(t *testing.T) {
	var out bytes.Buffer
	log, level := Logger(&out, "ingest")
	log.Debug("unseen")
	level.Set(slog.LevelDebug)
	log.Debug("seen", "n", 1)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, &out)
	}
	if line["msg"] != "seen" || line["service"] != "ingest" {
		t.Errorf("got %v", line)
	}
}

func TestTracerIsOffByDefault(t *testing.T) {
	tracer, stop, err := Tracer(t.Context(), "ingest", "")
	if err != nil {
		t.Fatal(err)
	}
	_, span := tracer.Start(t.Context(), "x")
	if span.IsRecording() {
		t.Error("it records")
	}
	span.End()
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTracerExportsOnStop(t *testing.T) {
	paths := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		paths <- r.URL.Path
	}))
	defer server.Close()
	tracer, stop, err := Tracer(t.Context(), "ingest", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ctx, span := tracer.Start(WithTraceParent(t.Context(), parent), "x")
	if got := TraceParent(ctx); got[:35] != parent[:35] || got == parent {
		t.Errorf("the span %s does not continue %s", got, parent)
	}
	span.End()
	if err := stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case p := <-paths:
		if p != "/v1/traces" {
			t.Errorf("posted to %s", p)
		}
	default:
		t.Error("nothing was exported")
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestTraceParent(t *testing.T) {
	if got := TraceParent(t.Context()); got != "" {
		t.Errorf("without a span: %q", got)
	}
	for _, good := range []string{
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
	} {
		if got := TraceParent(WithTraceParent(t.Context(), good)); got != good {
			t.Errorf("%s came back as %s", good, got)
		}
	}
	later := "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what"
	if got := TraceParent(WithTraceParent(t.Context(), later)); got[3:35] != later[3:35] {
		t.Errorf("a later version is not continued: %s", got)
	}
	for _, bad := range []string{
		"", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
		"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01-",
	} {
		got := TraceParent(WithTraceParent(t.Context(), bad))
		if !wellFormed.MatchString(got) || len(bad) > 35 && got[3:35] == bad[3:35] {
			t.Errorf("%q gave %q, not a new trace", bad, got)
		}
	}
}

var wellFormed = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-01$`)

func TestNewTraceParentIsSampledAndNew(t *testing.T) {
	a, b := NewTraceParent(), NewTraceParent()
	if !wellFormed.MatchString(a) || a == b {
		t.Errorf("%s, %s", a, b)
	}
}

func FuzzWithTraceParent(f *testing.F) {
	f.Add("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	f.Add(strings.Repeat("-", traceParentLen))
	f.Fuzz(func(t *testing.T, h string) {
		if !trace.SpanContextFromContext(WithTraceParent(context.Background(), h)).IsValid() {
			t.Error("no trace")
		}
	})
}
