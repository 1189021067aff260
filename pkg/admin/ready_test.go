package admin

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// TestReadyFigures: /metrics tells what /readyz tells, by the names of the checks and without a word of what is wrong.
func TestReadyFigures(t *testing.T) {
	var wrong error
	reg := NewRegistry("abc")
	s := New("normalizer", ":0", reg, new(slog.LevelVar), quiet,
		Check{"kafka", func() error { return nil }}, Check{"events.website", func() error { return wrong }})
	const ready, check = "omnicapi_ready", "omnicapi_ready_check"
	figures := func(want string) {
		t.Helper()
		want = `
			# HELP omnicapi_ready 1: /readyz answers 200; 0: it answers 503.
			# TYPE omnicapi_ready gauge
			# HELP omnicapi_ready_check 1: the check of /readyz holds; 0: /readyz says what is wrong.
			# TYPE omnicapi_ready_check gauge
` + want
		if err := testutil.GatherAndCompare(reg, strings.NewReader(want), ready, check); err != nil {
			t.Error(err)
		}
	}
	figures("omnicapi_ready 1\nomnicapi_ready_check{check=\"events.website\"} 1\nomnicapi_ready_check{check=\"kafka\"} 1\n")
	wrong = errors.New("topic of ann@example.com is missing")
	figures("omnicapi_ready 0\nomnicapi_ready_check{check=\"events.website\"} 0\nomnicapi_ready_check{check=\"kafka\"} 1\n")
	if _, body := call(t, s, http.MethodGet, "/metrics", ""); strings.Contains(body, "ann@") {
		t.Error("an error's text is in the metrics")
	}
	wrong = nil
	s.Drain()
	figures("omnicapi_ready 0\nomnicapi_ready_check{check=\"events.website\"} 1\nomnicapi_ready_check{check=\"kafka\"} 1\n" +
		"omnicapi_ready_check{check=\"stopping\"} 0\n")
}
