package httpapi

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

var update = flag.Bool("update", false, "write golden files")

// TestSenders: every recorded request is answered as its sender expects, and stored as the golden file says.
func TestSenders(t *testing.T) {
	f := newFixture(t, nil, recordedSources(t)...)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) {
			w := httptest.NewRecorder()
			f.ServeHTTP(w, httpRequest(t, c))
			golden(t, c, "answer", answerText(w))
			golden(t, c, "raw.json", rawText(t, f.kafka.taken()))
		})
	}
}

// recordedSources are those of the recorded configuration.
func recordedSources(tb testing.TB) []*source.Source {
	tb.Helper()
	file, err := recorded.WriteConfig(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		tb.Fatal(err)
	}
	sources, err := source.Load(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return sources.All()
}

// httpRequest is a recorded request as it arrives from a trusted proxy.
func httpRequest(tb testing.TB, c recorded.Case) *http.Request {
	tb.Helper()
	rec, err := c.Request()
	if err != nil {
		tb.Fatal(err)
	}
	r := httptest.NewRequest(rec.Method, rec.URL, bytes.NewReader(rec.Body))
	r.Header = rec.Header
	r.Header.Set("Traceparent", traceparent)
	return r
}

// answerText is an answer as text: status, the headers that depend on the request, body.
func answerText(w *httptest.ResponseRecorder) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d\n", w.Code)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range w.Header() {
			if !yield(name) {
				return
			}
		}
	}) {
		if name != "Content-Length" && name != "X-Content-Type-Options" {
			fmt.Fprintf(&b, "%s: %s\n", name, w.Header().Get(name))
		}
	}
	b.WriteByte('\n')
	b.Write(w.Body.Bytes())
	return b.Bytes()
}

// rawText is records as JSON, so that the normalizer's tests can go on with them.
func rawText(t *testing.T, recs []stream.Record) []byte {
	t.Helper()
	list := []recorded.Record{}
	for _, r := range recs {
		headers := map[string]string{}
		for _, h := range r.Headers {
			headers[h.Key] = string(h.Value)
		}
		if !r.Time.Equal(arrival) {
			t.Errorf("the record's time is %s", r.Time)
		}
		list = append(list, recorded.Record{Topic: r.Topic, Key: string(r.Key), Headers: headers, Value: r.Value})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(list); err != nil {
		t.Fatalf("a value is no JSON: %v", err)
	}
	return b.Bytes()
}

// golden compares with one of a case's files.
func golden(t *testing.T, c recorded.Case, kind string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", filepath.FromSlash(c.File(kind)))
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", kind, diff)
	}
}
