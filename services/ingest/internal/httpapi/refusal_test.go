package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

const (
	graphPath = "/v25.0/" + shop + "/events"
	goodToken = "Authorization: Bearer EAAtestToken"
	oneEvent  = `{"event_name":"Lead","event_id":"l-1","event_time":1795426200,"user_data":{"em":"jane@example.com"}}`
	oneBody   = `{"data":[` + oneEvent + `]}`
)

// TestRefusals: every refusal in the shape of each kind of route. want are parts of the body.
func TestRefusals(t *testing.T) {
	long := strings.Repeat("x", 2<<10)
	tests := []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		want                       []string
	}{
		{"graph wrong token", "POST", graphPath, oneBody, []string{"Authorization: Bearer nope"}, 400, []string{`"type":"OAuthException","code":190`, `"fbtrace_id":"A`}},
		{"graph no token", "POST", graphPath, oneBody, nil, 400, []string{`"code":190`}},
		{"graph unknown dataset", "POST", "/v25.0/777/events", oneBody, []string{goodToken}, 400, []string{`"code":190`}},
		{"graph no data", "POST", graphPath, `{}`, []string{goodToken}, 400, []string{`"code":100`, `data must be an array`, `"blame_field_specs":[["data"]]`}},
		{"graph empty data", "POST", graphPath, `{"data":[]}`, []string{goodToken}, 400, []string{`"code":100`, `holds no event`}},
		{"graph not objects", "POST", graphPath, `{"data":[` + oneEvent + `,7]}`, []string{goodToken}, 400, []string{`data[1] is not an object`}},
		{"graph 1001 events", "POST", graphPath, `{"data":[` + strings.Repeat(oneEvent+",", 1000) + oneEvent + `]}`, []string{goodToken}, 400, []string{`more than 1000 events`}},
		{"graph no JSON", "POST", graphPath, `{"data":`, []string{goodToken}, 400, []string{`"code":100`, `unexpected end`}},
		{"graph empty body", "POST", graphPath, ``, []string{goodToken}, 400, []string{`the body is empty`}},
		{"graph duplicate key", "POST", graphPath, `{"data":[{"event_name":"a","event_name":"b"}]}`, []string{goodToken}, 400, []string{`duplicate key`}},
		{"graph invalid UTF-8", "POST", graphPath, "{\"data\":[{\"event_name\":\"\xff\"}]}", []string{goodToken}, 400, []string{`invalid UTF-8`}},
		{"graph too large", "POST", graphPath, `{"data":[{"event_name":"` + strings.Repeat(long, 40) + `"}]}`, []string{goodToken}, 413, []string{`"code":100`}},
		{"graph encoding", "POST", graphPath, oneBody, []string{goodToken, "Content-Encoding: br"}, 415, []string{`"code":100`}},
		{"graph method", "GET", graphPath, ``, nil, 405, []string{`"error":{`}},
		{"graph source name", "POST", graphPath + "?source=nobody", oneBody, []string{goodToken}, 404, []string{`"error":{`}},
		{"graph big context", "POST", graphPath, `{"upload_tag":"` + long + long + long + `","data":[` + oneEvent + `]}`, []string{goodToken}, 413, []string{`parameters beside the events`}},

		{"capig wrong key", "POST", "/capi/" + shop + "/events", `{"accessKey":"nope","data":[` + oneEvent + `]}`, nil, 401, []string{`"status":401`}},
		{"capig malformed", "POST", "/capi/" + shop + "/events", `{"accessKey":"test_access_key","data":5}`, nil, 400, []string{`"field":"data"`}},
		{"own wrong token", "POST", "/v1/website/events", oneBody, []string{"Authorization: Bearer nope"}, 401, []string{`"type":"about:blank","title":"Unauthorized","status":401`}},
		{"own all hopeless", "POST", "/v1/website/events", `{"data":[{},5]}`, []string{goodToken}, 400, []string{`"accepted":0`, `{"index":0,"field":"event_name","reason":"missing_field"}`, `{"index":1,"reason":"undecodable","detail":"not an object"}`}},
		{"own unknown channel", "POST", "/v1/nowhere/events", oneBody, []string{goodToken}, 404, []string{`no such channel`}},
		{"own method", "GET", "/v1/website/events", ``, nil, 405, []string{`"status":405`}},
		{"own encoding", "POST", "/v1/website/events", oneBody, []string{goodToken, "Content-Encoding: gzip, gzip"}, 415, []string{`gzip`}},
		{"no such source", "POST", "/v1/sources/nobody", oneBody, []string{goodToken}, 404, []string{`no such source`}},
		{"source wrong secret", "POST", "/v1/sources/lines", oneEvent, []string{"Authorization: Bearer nope"}, 401, []string{`"status":401`}},
		{"source method", "GET", "/v1/sources/lines", ``, nil, 405, []string{`"status":405`}},
		{"no such route", "POST", "/nowhere", ``, nil, 404, []string{`no such route`}},
		{"collect wrong secret", "POST", "/v1/website/collect", `{"events":[` + oneEvent + `]}`, []string{"Authorization: Bearer nope", "Origin: https://shop.example.com"}, 401, nil},
		{"collect neither", "POST", "/v1/website/collect", `{"events":[` + oneEvent + `]}`, nil, 401, nil},
		{"collect other page", "POST", "/v1/website/collect", `{"events":[` + oneEvent + `]}`, []string{"Origin: https://evil.example"}, 403, nil},
		{"collect no events", "POST", "/v1/website/collect", `{"event":[]}`, []string{"Origin: https://shop.example.com"}, 400, []string{`"field":"events"`}},
		{"openbridge not JSON", "POST", "/v1/website/openbridge/events", `ev=PageView`, []string{"Origin: https://shop.example.com"}, 400, []string{`"status":400`}},
		{"openbridge other pixel", "POST", "/v1/website/openbridge/events", `{"event_name":"PageView","fb.pixel_id":"77"}`, []string{"Origin: https://shop.example.com"}, 401, nil},
		{"openbridge other page", "POST", "/v1/website/openbridge/events", `{"event_name":"PageView","fb.pixel_id":"` + shop + `"}`, []string{"Origin: https://evil.example"}, 403, nil},
	}
	f := newFixture(t, func(o *Options) { o.Config.MaxBody, o.Config.MaxEvent = 256<<10, 64<<10 })
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Contains(tt.name, "too large") {
				f := newFixture(t, func(o *Options) { o.Config.MaxBody = 64 << 10 })
				checkRefusal(t, f, tt.method, tt.target, tt.body, tt.headers, tt.status, tt.want)
				return
			}
			checkRefusal(t, f, tt.method, tt.target, tt.body, tt.headers, tt.status, tt.want)
		})
	}
}

func checkRefusal(t *testing.T, f *fixture, method, target, body string, headers []string, status int, want []string) {
	t.Helper()
	w := f.do(method, target, body, headers...)
	got := read(t, w.Body)
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, got)
	}
	for _, part := range want {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
	if status == 405 && w.Header().Get("Allow") == "" {
		t.Error("405 without Allow")
	}
	if n := f.kafka.calls; n != 0 {
		t.Errorf("a refused request reached kafka %d times", n)
	}
}

// TestUnknownKeyLooksLikeWrongSecret: the two answers differ in nothing but the trace.
func TestUnknownKeyLooksLikeWrongSecret(t *testing.T) {
	f := newFixture(t, nil)
	for _, targets := range [][2]string{{"/v25.0/777/events", graphPath}, {"/capi/777/events", "/capi/" + shop + "/events"}} {
		unknown := f.post(targets[0], oneBody, goodToken, "Traceparent: "+traceparent)
		wrong := f.post(targets[1], oneBody, "Authorization: Bearer nope", "Traceparent: "+traceparent)
		if unknown.Code != wrong.Code || unknown.Body.String() != wrong.Body.String() {
			t.Errorf("unknown key: %d %s\nwrong secret: %d %s", unknown.Code, unknown.Body, wrong.Code, wrong.Body)
		}
	}
}

// TestUnavailable: what Kafka does not take in time is 503, in the sender's words, whatever the reason.
func TestUnavailable(t *testing.T) {
	stuck := func(ctx context.Context, _ []stream.Record) error { <-ctx.Done(); return ctx.Err() }
	full := func(context.Context, []stream.Record) error { return stream.ErrFull }
	broken := func(context.Context, []stream.Record) error { return errors.New("not enough replicas") }
	for name, publish := range map[string]func(context.Context, []stream.Record) error{"stuck": stuck, "full": full, "broken": broken} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, func(o *Options) { o.Config.Deadline = 20 * time.Millisecond })
			f.kafka.publish = publish
			for target, want := range map[string]string{graphPath: `"code":2,"is_transient":true`, "/v1/website/events": `"status":503`} {
				w := f.post(target, oneBody, goodToken)
				if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s: %d %s", target, w.Code, w.Body)
				}
				if s, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || s < 1 {
					t.Errorf("%s: Retry-After %q", target, w.Header().Get("Retry-After"))
				}
			}
			f.kafka.publish = nil
			if w := f.post(graphPath, oneBody, goodToken); w.Code != http.StatusOK {
				t.Errorf("after kafka is back: %d %s", w.Code, w.Body)
			}
			if n := strings.Count(f.log.String(), "kafka does not take events"); n != 1 {
				t.Errorf("logged %d times:\n%s", n, f.log)
			}
		})
	}
}

// TestClientGoneIsStored: a page that closes while its event is being stored has sent it.
func TestClientGoneIsStored(t *testing.T) {
	f := newFixture(t, nil)
	f.kafka.publish = func(ctx context.Context, _ []stream.Record) error { return ctx.Err() }
	r := httpRequest(t, recorded.Case{Format: "collect", Name: "website-beacon"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := newRecorder()
	f.ServeHTTP(w, r.WithContext(ctx))
	if w.Code != http.StatusAccepted {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestRate: over a source's rate is 429 with Retry-After; a request larger than the burst is let in and leaves a debt.
func TestRate(t *testing.T) {
	limited := newSource("backend", "website", "capi", secret("EAAtestToken"), func(s *source.Source) { s.Limit(2, 2) })
	f := newFixture(t, nil, limited)
	three := `{"data":[` + oneEvent + `,` + oneEvent + `,` + oneEvent + `]}`
	if w := f.post("/v1/website/events", three, goodToken); w.Code != http.StatusAccepted {
		t.Fatalf("first: %d %s", w.Code, w.Body)
	}
	w := f.post("/v1/website/events", oneBody, goodToken)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"status":429`) {
		t.Errorf("own: %d %s %s", w.Code, w.Header(), w.Body)
	}
	w = f.post(graphPath, oneBody, goodToken)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"code":613`) {
		t.Errorf("graph: %d %s %s", w.Code, w.Header(), w.Body)
	}
	f.now = func() time.Time { return arrival.Add(2 * time.Second) }
	if w := f.post("/v1/website/events", oneBody, goodToken); w.Code != http.StatusAccepted {
		t.Errorf("later: %d %s", w.Code, w.Body)
	}
}

// TestPanic: a bug costs its request only. The body's share of the budget is given back, the request is counted, and the
// panic's text, which may quote the request, is not logged.
func TestPanic(t *testing.T) {
	f := newFixture(t, nil)
	f.kafka.publish = func(context.Context, []stream.Record) error { panic("about jane@example.com") }
	w := f.post(graphPath, oneBody, goodToken)
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `"status":500`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if used := f.bodies.used; used != 0 {
		t.Errorf("%d bytes are still taken", used)
	}
	if log := f.log.String(); !strings.Contains(log, "a handler panicked") || strings.Contains(log, "jane") {
		t.Errorf("logged: %s", log)
	}
	if n := requestsCounted(t, f, "500"); n != 1 {
		t.Errorf("%d requests counted", n)
	}
	f.kafka.publish = nil
	if w := f.post(graphPath, oneBody, goodToken); w.Code != http.StatusOK {
		t.Errorf("the next request: %d %s", w.Code, w.Body)
	}
}

// requestsCounted is how many requests the metrics have seen with a status code.
func requestsCounted(t *testing.T, f *fixture, code string) (n uint64) {
	t.Helper()
	families, err := f.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "code" && l.GetValue() == code {
					n += m.GetHistogram().GetSampleCount()
				}
			}
		}
	}
	return n
}
