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
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
)

var arrival = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// decode splits and names a body, and holds what every format promises: no panic, JSON items, ids and keys in bounds,
// and the same ids for the same body. headers are names and values in turn, :query the URL's query.
func decode(t *testing.T, f Format, answer Answer, body []byte, contentType string, s *auth.Source, headers ...string) {
	t.Helper()
	first, ok := names(t, f, answer, body, contentType, s, headers...)
	second, _ := names(t, f, answer, body, contentType, s, headers...)
	if ok && !bytes.Equal(first, second) {
		t.Errorf("a repeat has other ids: %s, %s", first, second)
	}
}

func names(t *testing.T, f Format, answer Answer, body []byte, contentType string, s *auth.Source, headers ...string) ([]byte, bool) {
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
	in := &Input{Request: r, Body: bytes.Clone(body), Limits: Limits{MaxBody: 1 << 20, MaxEvent: 64 << 10}, Answer: answer, Source: s}
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

func FuzzCAPI(f *testing.F) {
	const multi = "multipart/form-data; boundary=cut"
	for _, seed := range [][2]string{
		{`{"data":[` + seedEvent + `],"access_token":"t","test_event_code":null,"partner_agent":"p"}`, "application/json"},
		{`{"data":"[{\"event_name\":\"x\"}]"}`, ""},
		{`{"data":["{\"event_name\":\"x\"}",7,null]}`, ""},
		{"access_token=t&data=%5B%22%7B%5C%22event_name%5C%22%3A1%7D%22%5D&upload_tag=%C3%A4", "application/x-www-form-urlencoded"},
		{"--cut\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n[" + seedEvent + "]\r\n--cut--\r\n", multi},
		{`{"data":[{"access\u005ftoken":"s","event_id":"\ud83d\ude00"}]}`, ""},
		{"", ""},
		{"[", ""},
		{"a=%", ""},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		decode(t, CAPI{}, Graph{}, body, contentType, nil)
		decode(t, CAPI{}, Own{}, body, contentType, nil)
	})
}

func FuzzCollect(f *testing.F) {
	for _, seed := range []string{`{"events":[` + seedEvent + `],"sent_at":"x","server":true}`, `[` + seedEvent + `,1]`, seedEvent, `{}`, `""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, Collect{}, Own{}, body, "text/plain", nil) })
}

func FuzzOpenBridge(f *testing.F) {
	for _, seed := range []string{`{"event_name":"PageView","fb.pixel_id":"1","fb.fbp":"fb.1.1.1","token":"x"}`, `[{"fb.pixel_id":1},{"fb.pixel_id":"1"}]`, `[]`, `7`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, OpenBridge{}, Silent{}, body, "text/plain", nil) })
}

func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{seedEvent + "\n" + seedEvent, "\ufeff{}\r\n\n[", "{\"event_id\":\"x\"}", "\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, NDJSON{}, Own{}, body, "", nil) })
}

func FuzzFile(f *testing.F) {
	m, err := mapfile.Parse([]byte(`{"EVENT_NAME":0,"EVENT_TIME":1,"EMAIL":2,"ORDER_ID":3}`))
	if err != nil {
		f.Fatal(err)
	}
	s := &auth.Source{Name: "source", Mapping: m}
	for _, seed := range [][2]string{
		{"Purchase;1795426200;jane@example.com;1\n", "text/csv"},
		{`{"row":1,"lines":[["Purchase","1795426200"]]}` + "\n{}", "application/x-ndjson"},
		{`{"row":"x","lines":[[1]]}`, "application/x-ndjson"},
		{"\"", "text/csv"},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	file := NewCSV()
	f.Fuzz(func(t *testing.T, body []byte, contentType string) { decode(t, file, Own{}, body, contentType, s) })
}
