package httpapi

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

var update = flag.Bool("update", false, "write golden files")

// senders are requests as real clients make them, with what they must be answered.
var senders = []struct {
	name, topic string
	status      int
	answer      string // pattern
}{
	{"dropin-graph-node-sdk", "omnicapi.events.website", 200, `^\{"events_received":1,"messages":\[\],"fbtrace_id":"A[\w-]{22}"\}$`},
	{"dropin-graph-postman", "omnicapi.events.website", 200, `^\{"events_received":1,"messages":\[\],"fbtrace_id":"A[\w-]{22}"\}$`},
	{"dropin-capig", "omnicapi.events.website", 202, `^\{"accepted":1,"rejected":\[\],"event_ids":\["e-1"\]\}\n$`},
	{"website-beacon", "omnicapi.events.website", 202, `^\{"accepted":1,"rejected":\[\],"event_ids":\["reg-cust-77"\]\}\n$`},
	{"website-openbridge", "omnicapi.events.website", 200, `^$`},
	{"mobile-capi-app", "omnicapi.events.app", 202, `^\{"accepted":1,"rejected":\[\],"event_ids":\["app-10002"\]\}\n$`},
}

func TestSenders(t *testing.T) {
	f := newFixture(t, nil)
	for _, tt := range senders {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			f.ServeHTTP(w, recorded(t, tt.name))
			body := read(t, w.Body)
			if w.Code != tt.status || !regexp.MustCompile(tt.answer).MatchString(body) {
				t.Errorf("answer: %d %s", w.Code, body)
			}
			recs := f.kafka.taken()
			if len(recs) != 1 {
				t.Fatalf("%d records", len(recs))
			}
			if recs[0].Topic != tt.topic || !recs[0].Time.Equal(arrival) {
				t.Errorf("topic %s, time %s", recs[0].Topic, recs[0].Time)
			}
			golden(t, filepath.Join("testdata", "raw", tt.name+".json"), recs)
		})
	}
}

// recorded reads a request of testdata: its body is what follows the empty line.
func recorded(tb testing.TB, name string) *http.Request {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "requests", name+".http"))
	if err != nil {
		tb.Fatal(err)
	}
	head, body, _ := bytes.Cut(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	parts := strings.Fields(lines[0])
	r := httptest.NewRequest(parts[0], parts[1], bytes.NewReader(body))
	for _, line := range lines[1:] {
		k, v, _ := strings.Cut(line, ": ")
		r.Header.Add(k, v)
	}
	r.Header.Set("Traceparent", traceparent)
	return r
}

// golden compares the values of records, indented, and the key and headers of each.
func golden(t *testing.T, path string, recs []stream.Record) {
	t.Helper()
	var got bytes.Buffer
	for _, r := range recs {
		if err := json.Indent(&got, r.Value, "", " "); err != nil {
			t.Fatalf("value is no JSON: %v\n%s", err, r.Value)
		}
		got.WriteString("\nkey: " + string(r.Key) + "\n")
		for _, h := range r.Headers {
			got.WriteString(h.Key + ": " + string(h.Value) + "\n")
		}
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("raw event (-want +got):\n%s", diff)
	}
}
