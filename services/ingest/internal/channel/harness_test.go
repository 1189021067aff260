package channel

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/recorded"
)

var arrival = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// decode splits and names a body, and holds what every format promises: no panic, JSON items, ids and keys in bounds,
// and the same ids for the same body. headers are names and values in turn, :query the URL's query.
func decode(t *testing.T, f Format, answer Answer, body []byte, contentType string, m *mapfile.Mapping, headers ...string) {
	t.Helper()
	first, ok := names(t, f, answer, body, contentType, m, headers...)
	second, _ := names(t, f, answer, body, contentType, m, headers...)
	if ok && !bytes.Equal(first, second) {
		t.Errorf("a repeat has other ids: %s, %s", first, second)
	}
}

func names(t *testing.T, f Format, answer Answer, body []byte, contentType string, m *mapfile.Mapping, headers ...string) ([]byte, bool) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == ":query" {
			r.URL.RawQuery = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	in := &Input{Request: r, Body: bytes.Clone(body), Limits: Limits{MaxBody: 1 << 20, MaxEvent: 64 << 10}, Answer: answer, Mapping: m}
	var b Batch
	if refusal := f.Split(in, &b); refusal != nil {
		if refusal.Kind.Status() < 400 || refusal.Kind.Status() >= 500 {
			t.Errorf("status %d", refusal.Kind.Status())
		}
		return nil, false
	}
	if refusal := Name(f, in, &b, "source", arrival); refusal != nil {
		return nil, false
	}
	if len(b.Context) > 0 && jsonscan.Check(b.Context, jsonscan.Limits{Depth: 24}) != nil {
		t.Errorf("context is no JSON: %q", b.Context)
	}
	var all []byte
	for _, item := range b.Items {
		if len(item.ID) == 0 || len(item.ID) > maxEventID || len(item.Key) == 0 {
			t.Errorf("id %q, key %q", item.ID, item.Key)
		}
		value := event.AppendRaw(nil, &event.Raw{ID: item.ID, Key: item.Key, Channel: []byte("c"), Source: []byte("s"), Time: arrival, Context: b.Context, Item: item.Value})
		var raw event.Raw
		if err := raw.Decode(value); err != nil {
			t.Errorf("what is stored cannot be read: %v: %q", err, value)
		}
		all = append(append(append(all, item.ID...), item.Key...), '\n')
	}
	return all, true
}

const seedEvent = `{"event_name":"Purchase","event_time":1795426200,"user_data":{"em":["jane@example.com"],"external_id":"c"},"custom_data":{"order_id":"1"}}`

// askedFor are candidates of which a test says what they answer.
type askedFor struct {
	token     string
	admits    bool
	perMinute int
}

func (a askedFor) Verifies(token string) bool { return a.token != "" && token == a.token }
func (a askedFor) Admits(Claim) bool          { return a.admits }
func (a askedFor) PerMinute() int             { return a.perMinute }

// recordedBodies are the bodies of a format's recorded requests.
func recordedBodies(tb testing.TB, format string) [][]byte {
	tb.Helper()
	cases, err := recorded.Cases()
	if err != nil {
		tb.Fatal(err)
	}
	var bodies [][]byte
	for _, c := range cases {
		if c.Format != format {
			continue
		}
		r, err := c.Request()
		if err != nil {
			tb.Fatal(err)
		}
		bodies = append(bodies, r.Body)
	}
	if len(bodies) == 0 {
		tb.Fatalf("no recorded request of %s", format)
	}
	return bodies
}
