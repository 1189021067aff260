package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recordedTime is the event_time of all recorded requests; a test writes its own time in its place.
const recordedTime = "1795426200"

// recorded is one request of a real sender.
type recorded struct {
	Name     string            `json:"name"`
	Method   string            `json:"method"`
	URL      string            `json:"url"`
	Headers  map[string]string `json:"headers"`
	BodyFile string            `json:"body_file"`
	Status   int               `json:"expected_status"`
	Events   int               `json:"expected_events"`
}

func recordedRequests(t *testing.T) []recorded {
	t.Helper()
	var all []recorded
	readJSON(t, "testdata/requests/requests.json", &all)
	return all
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	decodeJSON(t, readFile(t, path), v)
}

func decodeJSON(t *testing.T, text string, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRequestsArriveAsExpected posts recorded requests of Meta's SDKs, the Pixel, the snippet and an app, and compares
// what arrives at the sandbox.
func TestRequestsArriveAsExpected(t *testing.T) {
	s := newStack(t, "")
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for _, r := range recordedRequests(t) {
		t.Run(r.Name, func(t *testing.T) {
			s.control(http.MethodDelete, "/_sandbox/events", "")
			u, err := url.Parse(r.URL)
			if err != nil {
				t.Fatal(err)
			}
			header := http.Header{}
			for k, v := range r.Headers {
				header.Set(k, v)
			}
			body := strings.ReplaceAll(readFile(t, "testdata/requests/"+r.BodyFile), recordedTime, now)
			// Three senders use the id e-1: a repeat of one name and id within a partition is a duplicate.
			body = strings.ReplaceAll(body, `"e-1"`, `"`+r.Name+`"`)
			status, answer, _ := send(t, r.Method, s.ingestURL+u.RequestURI(), header, body)
			if status != r.Status {
				t.Fatalf("answer: %d %s, want %d", status, answer, r.Status)
			}
			var want []map[string]any
			expected := strings.ReplaceAll(readFile(t, "testdata/expected/"+r.Name+".json"), recordedTime, now)
			decodeJSON(t, strings.ReplaceAll(expected, `"e-1"`, `"`+r.Name+`"`), &want)
			got := s.waitArrived(r.Events, nil)
			if len(got) != len(want) {
				t.Fatalf("%d events arrived, want %d", len(got), len(want))
			}
			for i := range want {
				if r.Name == "website-openbridge" { // no time in the body: the time of the request
					want[i]["event_time"] = got[i].Event["event_time"]
				}
				if d := cmp.Diff(want[i], got[i].Event, cmp.Comparer(sameNumber)); d != "" {
					t.Errorf("event %d (-want +got):\n%s", i, d)
				}
			}
		})
	}
}

// sameNumber compares the values of JSON numbers: 220.0 is 220.
func sameNumber(a, b json.Number) bool {
	x, errX := a.Float64()
	y, errY := b.Float64()
	return errX == nil && errY == nil && x == y
}
