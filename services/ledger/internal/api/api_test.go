package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index/disk"
	"github.com/omnicapi/omnicapi/services/ledger/internal/reader"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var start = time.Date(2026, 11, 25, 22, 10, 0, 0, time.UTC)

const hostile = "<script>\"'/%2F?&#\\\x00\u202e"

// filled is the API over a store with a delivered event, one that died twice and has a letter, and one of a hostile name.
func filled(t *testing.T) (*api, *disk.Store) {
	t.Helper()
	s, err := disk.Open(disk.Options{Dir: filepath.Join(t.TempDir(), "ledger"), Log: slog.New(slog.DiscardHandler), Reserve: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	fate := func(id string, offset int64, f fault.Fate, r fault.Reason) event.EventFate {
		return event.EventFate{
			ID: id, Name: "Purchase", Channel: "website", Source: "shop", Trust: event.Proven, Fate: f, Reason: r, Topic: "p.signals.shop", Offset: offset,
			Value: "12.5", Currency: "EUR", ArrivedAt: start,
		}
	}
	odd := fate(hostile, 3, fault.Dropped, fault.Duplicate)
	odd.Name, odd.Source, odd.Topic, odd.Detail = hostile, hostile, "p.events.website", hostile
	place := index.Place{Topic: index.Letters, Partition: 2, Offset: 9, Time: start}
	err = s.Apply([]index.Record{
		{Place: index.Place{Offset: 0, Time: start}, Outcome: &event.Outcome{
			BatchID: "batch", Stage: fault.Forwarder, Dataset: "shop", FBTraceID: "A+b/c=", Attempts: 1, StartedAt: start, EndedAt: start.Add(time.Second),
			Events: []event.EventFate{fate("order-1", 1, fault.Delivered, ""), fate("order-2", 2, fault.Dead, fault.Refused)},
		}},
		{Place: index.Place{Offset: 1, Time: start}, Outcome: &event.Outcome{
			BatchID: "chunk", Stage: fault.Normalizer, EndedAt: start.Add(time.Hour), Events: []event.EventFate{odd, fate("order-2", 2, fault.Replayed, "")},
		}},
		{Place: place, Letter: &index.Letter{EventID: "order-2", Place: place, DeadLetter: event.DeadLetter{
			Stage: fault.Forwarder, Reason: fault.Refused, Detail: "100/1", Topic: "p.signals.shop", Offset: 2, FailedAt: start, Shortened: true,
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	progress := func() reader.Progress { return reader.Progress{Topic: "p.outcomes", AsOf: start.Add(2 * time.Hour)} }
	return &api{Options{
		Store: s, Names: topic.Names{Prefix: "p."}, Retention: 336 * time.Hour, Outcomes: progress, Letters: progress, Log: slog.New(slog.DiscardHandler),
		Dataset: func(string) string { return "configured" }, Now: func() time.Time { return start.Add(2 * time.Hour) },
	}}, s
}

func ask(t *testing.T, a *api, method, path string) (status int, contentType, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	a.routes().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+path, nil))
	return w.Code, w.Header().Get("Content-Type"), w.Body.String()
}

// TestAnswers: what is asked for is answered, and what is wrong says what to do, as JSON.
func TestAnswers(t *testing.T) {
	t.Parallel()
	a, _ := filled(t)
	for _, tt := range []struct {
		path   string
		status int
		says   []string
	}{
		{"/events/order-1", 200, []string{`"fate":"delivered"`, `"stage":"normalizer","at":"2026-11-25T22:10:00Z","topic":"p.signals.shop"`, `"letters":[]`, `"as_of":"2026-11-26T00:10:00Z"`}},
		{"/events/order-2", 200, []string{`"fate":"in_flight"`, `"letters":[{"topic":"p.deadletters","partition":2,"offset":9`, `"shortened":true`}},
		{"/events/" + url.PathEscape(hostile), 200, []string{`\u003cscript\u003e`, `"stage":"ingest"`, `"dataset":"configured"`}},
		{"/events/order-3", 404, []string{"is the id right"}},
		{"/events/", 404, []string{"openapi.yaml"}},
		{"/events/order-1?x=1", 400, []string{"not known"}},
		{"/events?fbtrace_id=" + url.QueryEscape("A+b/c="), 200, []string{`"batch_id":"batch"`, `"event_id":"order-1"`, `"event_id":"order-2"`}},
		{"/events?batch_id=chunk", 200, []string{`"stage":"normalizer"`}},
		{"/events?batch_id=none", 404, []string{"no batch"}},
		{"/events", 400, []string{"give one of"}},
		{"/events?batch_id=a&fbtrace_id=b", 400, []string{"give one of"}},
		{"/events?batch_id=a&batch_id=b", 400, []string{"more than once"}},
		{"/events?batch_id=%zz", 400, []string{"encode"}},
		{"/books", 200, []string{`"key":"","ended":3`, `{"fate":"delivered","reason":"","events":1,"values":{"EUR":"12.50"}}`}},
		{"/books?by=event", 200, []string{`\u003cscript\u003e`, `"key":"Purchase","ended":2`}},
		{"/books?by=hour&since=24h&until=2026-11-26", 200, []string{`"key":"2026-11-25T22:00:00Z"`, `"until":"2026-11-26T00:00:00Z"`}},
		{"/books?since=1h", 200, []string{`"rows":[]`}},
		{"/books?since=2026-11-25T22:10:00Z&until=1d", 400, []string{"not before"}},
		{"/books?by=colour", 400, []string{"channel, source, dataset, event, hour"}},
		{"/books?since=yesterday", 400, []string{"2026-11-25"}},
		{"/books?until=-1h", 400, []string{"2026-11-25"}},
		{"/status", 200, []string{`"earliest":"2026-11-25"`, `"retention":"336h0m0s"`, `"lag_records":0`}},
		{"/else", 404, []string{"openapi.yaml"}},
	} {
		status, contentType, body := ask(t, a, http.MethodGet, tt.path)
		if status != tt.status || !json.Valid([]byte(body)) || !strings.HasSuffix(contentType, "json") || strings.Contains(body, "<script") {
			t.Errorf("%s: %d %s %s", tt.path, status, contentType, body)
		}
		for _, text := range tt.says {
			if !strings.Contains(body, text) {
				t.Errorf("%s: no %s in %s", tt.path, text, body)
			}
		}
	}
	if status, _, body := ask(t, a, http.MethodPost, "/books"); status != http.StatusMethodNotAllowed || !json.Valid([]byte(body)) {
		t.Errorf("a change: %d %s", status, body)
	}
}

// TestOpenAPI: openapi.yaml has each route and its parameters, and no other; each member of an answer is in its schema.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	a, _ := filled(t)
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
			Responses  map[string]struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
		Components struct{ Schemas map[string]map[string]any }
	}
	if err := yaml.Unmarshal(openapi, &doc); err != nil {
		t.Fatal(err)
	}
	var routes, described []string
	err := chi.Walk(a.routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, method+" "+route)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	slices.Sort(described)
	if diff := cmp.Diff(routes, described); diff != "" {
		t.Errorf("(-router +openapi.yaml)\n%s", diff)
	}
	for path, example := range map[string]string{
		"/events/{event_id}": "/events/order-2", "/events": "/events?batch_id=batch", "/books": "/books?since=2026-11-01&until=2026-12-01&by=event", "/status": "/status",
	} {
		var body any
		_, _, text := ask(t, a, http.MethodGet, example)
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		for _, problem := range undescribed(path, body, doc.Paths[path]["get"].Responses["200"].Content["application/json"].Schema, doc.Components.Schemas) {
			t.Error(problem)
		}
		for _, p := range doc.Paths[path]["get"].Parameters {
			if status, _, body := ask(t, a, http.MethodGet, path+"?"+p.Name+"=1h"); p.In == "query" && strings.Contains(body, "not known") {
				t.Errorf("%s does not know %s: %d", path, p.Name, status)
			}
		}
	}
	if status, contentType, body := ask(t, a, http.MethodGet, "/openapi.yaml"); status != 200 || contentType != "application/yaml" || body != string(openapi) {
		t.Errorf("openapi.yaml: %d %s", status, contentType)
	}
}

// undescribed names the members of a value that its schema has not.
func undescribed(path string, v any, schema map[string]any, schemas map[string]map[string]any) (problems []string) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
	switch v := v.(type) {
	case []any:
		items, _ := schema["items"].(map[string]any)
		if items == nil {
			return []string{path + ": a list is not described"}
		}
		for _, item := range v {
			problems = append(problems, undescribed(path+"[]", item, items, schemas)...)
		}
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		if properties == nil && schema["type"] == "object" {
			return nil // described elsewhere
		}
		for name, member := range v {
			of, ok := properties[name].(map[string]any)
			if !ok {
				problems = append(problems, fmt.Sprintf("%s: %s is not described", path, name))
				continue
			}
			problems = append(problems, undescribed(path+"."+name, member, of, schemas)...)
		}
	}
	return problems
}

// broken is a store that cannot be read.
type broken struct {
	index.Store
	err error
}

func (b broken) Event(string) (index.Found, error) { return index.Found{}, b.err }

// TestBroken: a store that cannot be read says what to do, and not what it met.
func TestBroken(t *testing.T) {
	t.Parallel()
	a, _ := filled(t)
	for err, want := range map[error]int{
		fmt.Errorf("%w: secret", index.ErrDamaged): http.StatusServiceUnavailable, errors.New("secret"): http.StatusInternalServerError,
	} {
		a.Store = broken{a.Store, err}
		if status, _, body := ask(t, a, http.MethodGet, "/events/a"); status != want || !json.Valid([]byte(body)) || strings.Contains(body, "secret") {
			t.Errorf("%v: %d %s", err, status, body)
		}
	}
}
