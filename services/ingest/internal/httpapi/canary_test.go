package httpapi

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

const (
	canaryMail  = "canary.7f3a@example.com"
	canaryPhone = "14155550199"
	canaryToken = "EAAcanaryTokenQ9"
)

// TestCanary: no e-mail, phone or token of a request gets into an answer, a log line or a metric, however it ends.
func TestCanary(t *testing.T) {
	f := newFixture(t, nil)
	event := `{"event_name":"` + canaryMail + `","event_id":"` + canaryPhone + `","event_time":"` + canaryMail + `","user_data":{"em":"` + canaryMail + `","ph":"` + canaryPhone + `"}}`
	bodies := []string{
		`{"data":[` + event + `]}`,
		`{"data":[` + event + `,"` + canaryMail + `"],"access_token":"` + canaryToken + `"}`,
		`{"data":[` + event + `],"` + canaryMail + `":1,"` + canaryMail + `":2}`,
		`{"data":["` + canaryMail,
		"data=" + url.QueryEscape("["+event) + "&access_token=" + canaryToken,
		canaryMail + "=%zz",
		`{"events":[` + event + `]}`,
		`{"event_name":"` + canaryMail + `","fb.pixel_id":"` + canaryToken + `"}`,
		canaryMail,
	}
	targets := []string{graphPath, "/capi/" + shop + "/events", "/v1/website/events", "/v1/website/collect", "/v1/website/openbridge/events", "/v1/sources/lines", "/v1/sources/" + canaryToken, "/" + canaryMail}
	publishes := []func(context.Context, []stream.Record) error{nil, func(context.Context, []stream.Record) error { return errors.New("broken") }}
	for _, publish := range publishes {
		f.kafka.publish = publish
		for _, target := range targets {
			for _, body := range bodies {
				for _, header := range []string{"Authorization: Bearer " + canaryToken, goodToken, "Authorization: Bearer file-secret", "Origin: https://" + canaryMail, "Content-Encoding: " + canaryMail, "Content-Type: multipart/form-data; boundary=" + canaryToken} {
					w := f.post(target+"?access_token="+canaryToken+"&source=", body, header)
					answer := w.Body.String()
					if w.Code == 202 {
						_, answer, _ = strings.Cut(strings.ReplaceAll(answer, canaryPhone, ""), "{") // its own event_id goes back to the sender
					}
					clean(t, "answer to "+target, answer)
					if w.Code >= 500 && w.Code != 503 {
						t.Errorf("%s: %d %s", target, w.Code, w.Body)
					}
				}
			}
		}
	}
	clean(t, "log", f.log.String())
	clean(t, "metrics", gather(t, f.reg))
}

func clean(t *testing.T, where, text string) {
	t.Helper()
	for _, c := range []string{canaryMail, canaryPhone, canaryToken, "EAAtestToken", "file-secret"} {
		if strings.Contains(text, c) {
			t.Errorf("%s in the %s: %s", c, where, text)
		}
	}
}

func gather(tb testing.TB, reg *prometheus.Registry) string {
	tb.Helper()
	var b strings.Builder
	families, err := reg.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	for _, family := range families {
		b.WriteString(strings.ReplaceAll(family.String(), "  ", " ") + "\n") // it has one blank or two, as each build likes
	}
	return b.String()
}

// TestMetrics: every label value is there at the start, and events are counted by what became of them.
func TestMetrics(t *testing.T) {
	f := newFixture(t, nil)
	sources, formats, routes := 5, len(f.formats), len(f.endpoints)+1 // "other"
	if n := testutil.CollectAndCount(f.reg, "omnicapi_ingest_events_total"); n != (2*sources+formats)*int(results) {
		t.Errorf("%d series of events at the start", n)
	}
	if n := testutil.CollectAndCount(f.reg, "omnicapi_ingest_request_seconds"); n != routes*len(codes) {
		t.Errorf("%d series of requests at the start", n)
	}
	f.post("/v1/website/events", `{"data":[`+oneEvent+`,{}]}`, goodToken)
	f.post("/v1/website/events", `{"data":[`+oneEvent+`]}`, "Authorization: Bearer nope")
	f.post("/v1/sources/lines", "{", "Authorization: Bearer file-secret")
	f.kafka.publish = func(context.Context, []stream.Record) error { return stream.ErrFull }
	f.post(graphPath, oneBody, goodToken)
	want := map[[4]string]float64{
		{"website", "backend", "proven", "accepted"}: 1, {"website", "backend", "proven", "rejected"}: 1, {"website", "backend", "proven", "failed"}: 1,
		{"store", "lines", "proven", "rejected"}: 1, {"unknown", "unknown", "unproven", "refused"}: 1,
	}
	families, err := f.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "omnicapi_ingest_events_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			k := [4]string{labels["channel"], labels["source"], labels["trust"], labels["result"]}
			if got := m.GetCounter().GetValue(); got != want[k] && (labels["source"] != unknown || labels["format"] == "capi") {
				t.Errorf("%v: %v, want %v", k, got, want[k])
			}
		}
	}
	if n := testutil.CollectAndCount(f.reg, "omnicapi_ingest_request_seconds"); n != routes*len(codes) {
		t.Errorf("%d series of requests at the end: a label value was not known", n)
	}
}
