// Package receivetest is what the tests of receivers share: a body split and named, held to what every receiver promises.
// Only tests import it.
package receivetest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Arrival is when the requests of tests arrive.
var Arrival = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// Decode splits and names a body, and holds what every format promises: no panic, JSON items, ids and keys in bounds,
// and the same ids for the same body. headers are names and values in turn, :query the URL's query.
func Decode(t *testing.T, f receive.Receiver, answer receive.Answer, body []byte, contentType string, m *mapfile.Mapping, headers ...string) {
	t.Helper()
	first, ok := run(t, f, answer, body, contentType, m, headers...)
	second, _ := run(t, f, answer, body, contentType, m, headers...)
	if ok && !bytes.Equal(first, second) {
		t.Errorf("a repeat has other ids: %s, %s", first, second)
	}
}

func run(t *testing.T, f receive.Receiver, answer receive.Answer, body []byte, contentType string, m *mapfile.Mapping, headers ...string) ([]byte, bool) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	r.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == ":query" {
			r.URL.RawQuery = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	in := &receive.Input{Request: r, Body: bytes.Clone(body), Limits: receive.Limits{MaxBody: 1 << 20, MaxEvent: 64 << 10}, Answer: answer, Mapping: m}
	var b receive.Batch
	if refusal := f.Split(in, &b); refusal != nil {
		if refusal.Kind.Status() < 400 || refusal.Kind.Status() >= 500 {
			t.Errorf("status %d", refusal.Kind.Status())
		}
		return nil, false
	}
	if refusal := receive.Name(f, in, &b, "source", Arrival); refusal != nil {
		return nil, false
	}
	if len(b.Context) > 0 && jsonscan.Check(b.Context, jsonscan.Limits{Depth: 24}) != nil {
		t.Errorf("context is no JSON: %q", b.Context)
	}
	var all []byte
	for _, item := range b.Items {
		if len(item.ID) == 0 || len(item.ID) > receive.MaxEventID || len(item.Key) == 0 {
			t.Errorf("id %q, key %q", item.ID, item.Key)
		}
		value := event.AppendRaw(nil, &event.Raw{ID: item.ID, Key: item.Key, Channel: []byte("c"), Source: []byte("s"), Time: Arrival, Context: b.Context, Item: item.Value})
		var raw event.Raw
		if err := raw.Decode(value); err != nil {
			t.Errorf("what is stored cannot be read: %v: %q", err, value)
		}
		all = append(append(append(all, item.ID...), item.Key...), '\n')
	}
	return all, true
}

// SeedEvent is a server event to fuzz from.
const SeedEvent = `{"event_name":"Purchase","event_time":1795426200,"user_data":{"em":["jane@example.com"],"external_id":"c"},"custom_data":{"order_id":"1"}}`

// Candidates are candidates of which a test says what they answer.
type Candidates struct {
	Token    string
	Admitted bool
	Rate     int
}

// Verifies says whether a token is Token.
func (a Candidates) Verifies(token string) bool { return a.Token != "" && token == a.Token }

// Admits says Admitted of every claim.
func (a Candidates) Admits(receive.Claim) bool { return a.Admitted }

// PerMinute is Rate.
func (a Candidates) PerMinute() int { return a.Rate }

// RecordedBodies are the bodies of the recorded requests of the format whose folder the test runs in.
func RecordedBodies(tb testing.TB) [][]byte {
	tb.Helper()
	requests, err := filepath.Glob("recorded/*.http")
	if err != nil || len(requests) == 0 {
		tb.Fatal("no recorded request: ", err)
	}
	var bodies [][]byte
	for _, file := range requests {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		_, body, _ := bytes.Cut(text, []byte("\n\n"))
		if other, err := os.ReadFile(strings.TrimSuffix(file, ".http") + ".body"); err == nil {
			body = other
		}
		bodies = append(bodies, body)
	}
	return bodies
}
