package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

const pageOrigin = "Origin: https://shop.example.com"

func limited(u config.Unproven) func(*source.Source) {
	return func(s *source.Source) { s.LimitUnproven(u) }
}

// events is a body of collect with n events and blanks up to a size.
func events(n, size int) string {
	body := `{"events":[` + strings.TrimSuffix(strings.Repeat(`{"event_name":"Lead","user":{"em":"jane@example.com"}},`, n), ",") + `]`
	return body + strings.Repeat(" ", max(size-len(body)-1, 0)) + `}`
}

// TestUnprovenRequest: what one request may bring of a sender that proves nothing, in every format that pages post, told in that
// format's words; a proven sender of the same source may bring more.
func TestUnprovenRequest(t *testing.T) {
	limits := limited(config.Unproven{EventsPerRequest: 3, BytesPerRequest: 2000})
	f := newFixture(t, nil,
		newSource("beacon", "website", "collect", secret("collect-secret"), origins("https://shop.example.com"), limits),
		newSource("bridge", "website", "meta.openbridge", origins("https://shop.example.com"), key(shop), limits),
		newSource("open", "crm", "capi", func(s *source.Source) { s.Open = true }, limits),
		newSource("cdp", "cdp", "segment", secret("WK"), key("WK"), origins("https://shop.example.com"), limits),
	)
	const collect, proof = "/v1/website/collect", "Authorization: Bearer collect-secret"
	leads := func(n int) string {
		return `{"data":[` + strings.TrimSuffix(strings.Repeat(oneEvent+",", n), ",") + `]}`
	}
	calls := func(n, size int) string {
		body := `{"writeKey":"WK","batch":[` + strings.TrimSuffix(strings.Repeat(`{"type":"page","anonymousId":"a"},`, n), ",") + `]`
		return body + strings.Repeat(" ", max(size-len(body)-1, 0)) + `}`
	}
	for _, c := range []struct {
		name, target, body string
		headers            []string
		status             int
		say                string
	}{
		{"as many events as may be", collect, events(3, 0), []string{pageOrigin}, 202, ""},
		{"one more", collect, events(4, 0), []string{pageOrigin}, 413, "more events"},
		{"one more, proven", collect, events(4, 0), []string{proof}, 202, ""},
		{"as many bytes as may be", collect, events(1, 2000), []string{pageOrigin}, 202, ""},
		{"one more byte", collect, events(1, 2001), []string{pageOrigin}, 413, "larger than"},
		{"one more byte, proven", collect, events(1, 2001), []string{proof}, 202, ""},
		{"unpacked", collect, string(zip(t, []byte(events(1, 2001)))), []string{pageOrigin, "Content-Encoding: gzip"}, 413, "larger than"},
		{"hopeless ones count, too", collect, `{"events":[1,2,3,{"event_name":"Lead"}]}`, []string{pageOrigin}, 413, "more events"},
		{"known by its body", "/v1/website/openbridge/events", `{"fb.pixel_id":"` + shop + `","event":"PageView","x":"` + strings.Repeat("x", 2000) + `"}`, []string{pageOrigin}, 413, ""},
		{"open to everybody", "/v1/crm/events?source=open", leads(4), nil, 413, "more events"},
		{"a key that pages show", "/v1/batch", calls(4, 0), []string{pageOrigin}, 400, "more events"},
		{"a key that pages show, bytes", "/v1/batch", calls(1, 2001), []string{pageOrigin}, 400, "larger than"},
		{"a key that pages show, few", "/v1/batch", calls(3, 0), []string{pageOrigin}, 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.kafka.taken()
			w := f.post(c.target, c.body, c.headers...)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.say) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if c.status >= 400 && len(f.kafka.taken()) > 0 {
				t.Error("a part of it is stored")
			}
		})
	}
	if n := counted(t, f, "collect", "beacon", "unproven", "refused"); n != 4+1+1+4 { // a body that was not taken apart is one event
		t.Errorf("%v events are counted as refused", n)
	}
	if f.bodies.used != 0 {
		t.Errorf("%d bytes are not given back", f.bodies.used)
	}
}

// counted is what the events metric says.
func counted(t *testing.T, f *fixture, format, source, trust, result string) float64 {
	t.Helper()
	families, err := f.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"format": format, "source": source, "trust": trust, "result": result}
	for _, family := range families {
		if family.GetName() != "omnicapi_ingest_events_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			same := 0
			for _, l := range m.GetLabel() {
				if want[l.GetName()] == l.GetValue() {
					same++
				}
			}
			if same == len(want) {
				return m.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no series of %v", want)
	return 0
}

// TestNoRoom: a request for which there is no room is 503, its events are counted as failed, and the pool that was full is told; a
// page that fills its pool takes none of the proven senders' room.
func TestNoRoom(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Config.MaxBody, o.Config.MaxPending = 16<<10, 128<<10 })
	room := func(p pool) float64 { return testutil.ToFloat64(f.metrics.noRoom[p]) }
	full := func(p pool) *share {
		s := &share{pool: p}
		if !f.bodies.take(s, f.bodies.pools[p].limit-f.bodies.usedBy(p)) {
			t.Fatal("no room at the start")
		}
		return s
	}
	page := func() *http.Response { return f.post("/v1/website/collect", events(1, 0), pageOrigin).Result() }
	inBody := func() *http.Response {
		return f.post(graphPath, `{"access_token":"EAAtestToken","data":[`+oneEvent+`]}`).Result()
	}
	proven := func() *http.Response { return f.post(graphPath, oneBody, goodToken).Result() }
	for _, c := range []struct {
		pool                 pool
		page, inBody, proven int
		series               [3]string // of an event that failed
	}{
		{unprovenPool, 503, 200, 200, [3]string{"collect", "beacon", "unproven"}},
		{unknownPool, 202, 503, 200, [3]string{"capi", "unknown", "unproven"}},
		{provenPool, 503, 503, 503, [3]string{"capi", "backend", "proven"}},
	} {
		before, failed := room(c.pool), counted(t, f, c.series[0], c.series[1], c.series[2], "failed")
		held := full(c.pool)
		for name, call := range map[string]struct {
			do   func() *http.Response
			want int
		}{"page": {page, c.page}, "in body": {inBody, c.inBody}, "proven": {proven, c.proven}} {
			r := call.do()
			if r.StatusCode != call.want || r.StatusCode == 503 && r.Header.Get("Retry-After") == "" {
				t.Errorf("%s is full: %s: %d", poolNames[c.pool], name, r.StatusCode)
			}
		}
		f.bodies.free(held)
		if got := room(c.pool) - before; got != 1 {
			t.Errorf("%s: %v requests found no room", poolNames[c.pool], got)
		}
		if got := counted(t, f, c.series[0], c.series[1], c.series[2], "failed") - failed; got != 1 {
			t.Errorf("%s: %v events failed", poolNames[c.pool], got)
		}
	}
	f.kafka.publish = func(_ context.Context, recs []stream.Record) error {
		if recs[0].Yields {
			return stream.ErrFull
		}
		return nil
	}
	before := room(unprovenPool)
	if a, b := page().StatusCode, proven().StatusCode; a != 503 || b != 200 || room(unprovenPool) != before+1 {
		t.Errorf("kafka is slow: a page %d, a server %d", a, b)
	}
	if good, bad := f.accept.LastGood(), f.accept.LastBad(); good.IsZero() || !bad.IsZero() {
		t.Errorf("a full pool is taken for Kafka's fault: %v, %v", good, bad)
	}
}

// TestPendingByPool: what is held is shown by pool, bodies and what waits for Kafka together.
func TestPendingByPool(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Waiting = func() (proven, unproven int64) { return 1, 20 } })
	for p, n := range [pools]int64{300, 4000, 50_000} {
		if !f.bodies.take(&share{pool: pool(p)}, n) {
			t.Fatal("no room")
		}
	}
	var want strings.Builder
	want.WriteString(`# HELP omnicapi_ingest_pending_bytes Bytes of bodies that are being read or stored and of events that Kafka has not acknowledged yet, by what their sender has proven.
# TYPE omnicapi_ingest_pending_bytes gauge
`)
	for p, n := range [pools]int{301, 4020, 50_000} {
		fmt.Fprintf(&want, "omnicapi_ingest_pending_bytes{pool=%q} %d\n", poolNames[p], n)
	}
	if err := testutil.GatherAndCompare(f.reg, strings.NewReader(want.String()), "omnicapi_ingest_pending_bytes"); err != nil {
		t.Error(err)
	}
}
