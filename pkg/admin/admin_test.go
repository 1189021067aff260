package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/version"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var quiet = slog.New(slog.DiscardHandler)

// call makes a request of the user of this process, on this machine.
func call(t *testing.T, s *Server, method, path, body string) (int, string) {
	t.Helper()
	addr := netip.MustParseAddrPort("127.0.0.1:9080")
	ctx := context.WithValue(t.Context(), peerKey{}, &peer{addr: addr, own: addr, known: true, uid: os.Geteuid()})
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, "http://localhost"+path, strings.NewReader(body)))
	return w.Code, w.Body.String()
}

func TestReadyzNamesEachCheck(t *testing.T) {
	var missing error
	s := New("normalizer", ":0", NewRegistry("abc"), new(slog.LevelVar), quiet,
		Check{"kafka", func() error { return nil }}, Check{"events.website", func() error { return missing }})
	code, body := call(t, s, http.MethodGet, "/readyz", "")
	if want := `{"ready":true,"checks":{"events.website":"ok","kafka":"ok"}}` + "\n"; code != 200 || body != want {
		t.Errorf("%d %s", code, body)
	}
	missing = errors.New("the topic is missing")
	code, body = call(t, s, http.MethodGet, "/readyz", "")
	if want := `{"ready":false,"checks":{"events.website":"the topic is missing","kafka":"ok"}}` + "\n"; code != 503 || body != want {
		t.Errorf("%d %s", code, body)
	}
	missing = Bearable(missing)
	code, body = call(t, s, http.MethodGet, "/readyz", "")
	if want := `{"ready":true,"checks":{"events.website":"the topic is missing","kafka":"ok"}}` + "\n"; code != 200 || body != want {
		t.Errorf("borne: %d %s", code, body)
	}
	if missing = Bearable(nil); missing != nil {
		t.Error("nothing to bear is an error")
	}
	s.Drain()
	code, body = call(t, s, http.MethodGet, "/readyz", "")
	if code != 503 || !strings.Contains(body, `"stopping"`) {
		t.Errorf("draining: %d %s", code, body)
	}
	if code, _ := call(t, s, http.MethodGet, "/livez", ""); code != 200 {
		t.Errorf("livez while draining: %d", code)
	}
}

// TestMount: what an app mounts is served at the operators' port to whoever may read what is private, and not where figures are scraped.
func TestMount(t *testing.T) {
	s := New("ledger", ":0", NewRegistry("abc"), new(slog.LevelVar), quiet)
	s.Mount("/api/v1", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "mounted ", r.URL.Path) }))
	if code, body := call(t, s, http.MethodGet, "/api/v1/status", ""); code != 200 || body != "mounted /api/v1/status" {
		t.Errorf("%d %s", code, body)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/api/v1/status", nil))
	if w.Code != http.StatusForbidden && w.Code != http.StatusUnauthorized {
		t.Errorf("nobody knows who asks: %d %s", w.Code, w.Body.String())
	}
	w = httptest.NewRecorder()
	s.open().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/api/v1/status", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("where figures are scraped: %d", w.Code)
	}
}

func TestLogLevelCanBeSet(t *testing.T) {
	level, log := new(slog.LevelVar), &bytes.Buffer{}
	s := New("ingest", ":0", NewRegistry("abc"), level, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: level})))
	for body, want := range map[string]slog.Level{
		"debug": slog.LevelDebug, " WARN\n": slog.LevelWarn, `{"level":"error"}`: slog.LevelError,
	} {
		if code, answer := call(t, s, http.MethodPut, "/loglevel", body); code != 200 || level.Level() != want {
			t.Errorf("%q: %d %s, level %s", body, code, answer, level)
		}
	}
	level.Set(slog.LevelError)
	log.Reset()
	for _, want := range []string{"from=ERROR to=DEBUG", "from=DEBUG to=ERROR"} {
		if call(t, s, http.MethodPut, "/loglevel", want[strings.LastIndex(want, "=")+1:]); !strings.Contains(log.String(), want) ||
			!strings.Contains(log.String(), "method=PUT path=/loglevel remote=") || !strings.Contains(log.String(), fmt.Sprintf(`by="uid %d"`, os.Geteuid())) {
			t.Errorf("no %s, and who did it, in %s", want, log)
		}
	}
	level.Set(slog.LevelWarn)
	for _, body := range []string{"", "loud", "debug+4", `{"level":5}`, strings.Repeat("x", 1000)} {
		if code, answer := call(t, s, http.MethodPut, "/loglevel", body); code != 400 || level.Level() != slog.LevelWarn {
			t.Errorf("%q: %d %s, level %s", body, code, answer, level)
		}
	}
	if code, _ := call(t, s, http.MethodGet, "/loglevel", ""); code != 405 {
		t.Errorf("GET /loglevel: %d", code)
	}
}

func TestMetricsAndVersion(t *testing.T) {
	s := New("ingest", ":0", NewRegistry("abc123"), new(slog.LevelVar), quiet)
	code, body := call(t, s, http.MethodGet, "/metrics", "")
	build := version.Get()
	info := fmt.Sprintf(`omnicapi_build_info{commit=%q,go=%q,version=%q} 1`, build.Commit, build.Go, build.Version)
	for _, want := range []string{info, `omnicapi_config_info{hash="abc123"} 1`, "go_goroutines", "process_start_time_seconds"} {
		if code != 200 || !strings.Contains(body, want) {
			t.Errorf("%d, no %s", code, want)
		}
	}
	code, body = call(t, s, http.MethodGet, "/version", "")
	var v map[string]string
	if err := json.Unmarshal([]byte(body), &v); err != nil || code != 200 || v["service"] != "ingest" || v["version"] != build.Version ||
		v["commit"] != build.Commit || v["go"] != build.Go {
		t.Errorf("%d %s %v", code, body, err)
	}
	if code, _ := call(t, s, http.MethodGet, "/debug/pprof/", ""); code != 404 {
		t.Errorf("pprof: %d", code)
	}
}

func TestServerListensAndStops(t *testing.T) {
	s := New("ingest", "127.0.0.1:0", NewRegistry("abc"), new(slog.LevelVar), quiet)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.Addr()+"/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(req)
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	other := New("ingest", s.Addr(), NewRegistry("abc"), new(slog.LevelVar), quiet)
	if err := other.Start(); err == nil {
		t.Error("a taken port is no error")
	}
	if err := other.Stop(t.Context()); err != nil {
		t.Errorf("stopping what never started: %v", err)
	}
	client.CloseIdleConnections()
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestWithDisk: a process that keeps Kafka's log itself has a check of its disk, no other has.
func TestWithDisk(t *testing.T) {
	full := errors.New("full")
	own := lifecycle.Deps{Disk: func() error { return full }}
	if got := WithDisk(own, Check{Name: "kafka"}); len(got) != 2 || got[1].Name != "disk" || !errors.Is(got[1].Fn(), full) {
		t.Errorf("own log: %v", got)
	}
	if got := WithDisk(lifecycle.Deps{}, Check{Name: "kafka"}); len(got) != 1 {
		t.Errorf("another's log: %v", got)
	}
}
