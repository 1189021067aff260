package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// manners are how a sender is answered, by status: when its request is taken, when it cannot be read, and when nothing
// proves who sent it.
type manners struct{ taken, unreadable, denied []int }

var (
	hook   = manners{[]int{200}, []int{400}, []int{401}}
	own    = manners{[]int{202}, []int{400}, []int{401}}
	google = manners{[]int{204}, []int{204}, []int{204}}
	app    = manners{[]int{200}, []int{400}, []int{403}}
)

// mannersOf says it of each format; for people docs/channels.md does.
func mannersOf(tb testing.TB, format string) manners {
	tb.Helper()
	m, known := map[string]manners{
		"capi":            {[]int{200, 202}, []int{400}, []int{400, 401}}, // the Graph route; the others
		"meta.openbridge": hook,
		"meta.pixel":      {[]int{200}, []int{200}, []int{401}}, // an image
		"collect":         own,
		"appsflyer":       app,
		"adjust":          app,
		"branch":          app,
		"whatsapp":        hook,
		"pos":             own,
		"square":          app,
		"csv":             own,
		"xlsx":            own,
		"ndjson":          own,
		"meta.leadgen":    hook,
		"hubspot":         hook,
		"salesforce":      app,
		"stages":          own,
		"segment":         hook,
		"mparticle":       {[]int{202}, []int{400}, []int{401, 403}},
		"shopify":         hook,
		"woocommerce":     hook,
		"stripe":          {[]int{200}, []int{400}, []int{400}},
		"cloudevents":     own,
		"json":            own,
		"ga4.mp":          google,
		"ga4.gtag":        google,
		"stape":           app,
	}[format]
	if !known {
		tb.Fatalf("how is a sender of %s answered?", format)
	}
	return m
}

// taken is what became of a request.
type taken struct {
	status int
	stored int
	allow  string
	body   string
	values string // of the records
}

func (f *fixture) send(tb testing.TB, r *recorded.Request) taken {
	tb.Helper()
	in := httptest.NewRequest(r.Method, r.URL, bytes.NewReader(r.Body))
	in.Header = r.Header
	w := newRecorder()
	f.ServeHTTP(w, in)
	got := taken{status: w.Code, allow: w.Header().Get("Allow"), body: w.Body.String()}
	var values strings.Builder
	for _, record := range f.kafka.taken() {
		got.stored++
		values.Write(record.Value)
		if !json.Valid(record.Value) {
			tb.Errorf("stored, and no JSON: %q", record.Value)
		}
	}
	got.values = values.String()
	return got
}

// eachTaken makes a recorded request of each format, method and kind of body that brings an event, changed and signed again,
// and judges what becomes of it. change says whether it fits the request.
func eachTaken(t *testing.T, change func(recorded.Case, *recorded.Request) bool, judge func(t *testing.T, c recorded.Case, before, after taken)) {
	t.Helper()
	eachSpoilt(t, func(c recorded.Case, r *recorded.Request) bool {
		if !change(c, r) {
			return false
		}
		if err := r.Sign(arrival); err != nil {
			t.Fatal(err)
		}
		return true
	}, judge)
}

// eachSpoilt is eachTaken without the new signature.
func eachSpoilt(t *testing.T, change func(recorded.Case, *recorded.Request) bool, judge func(t *testing.T, c recorded.Case, before, after taken)) {
	t.Helper()
	f := newFixture(t, nil, recordedSources(t)...)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, c := range cases {
		r, err := c.Request()
		if err != nil {
			t.Fatal(err)
		}
		kind := c.Format + " " + r.Method + " " + r.Header.Get("Content-Type")
		if tried[kind] {
			continue
		}
		before := f.send(t, r)
		if r, err = c.Request(); err != nil {
			t.Fatal(err)
		}
		if before.stored == 0 || !change(c, r) {
			continue
		}
		tried[kind] = true
		after := f.send(t, r)
		if after.status >= http.StatusInternalServerError {
			t.Errorf("%s/%s: %d %s", c.Format, c.Name, after.status, after.body)
		}
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) { judge(t, c, before, after) })
	}
	if len(tried) == 0 {
		t.Error("fits no recorded request")
	}
	if used := f.bodies.used.Load(); used != 0 {
		t.Errorf("%d bytes of the budget are not given back", used)
	}
	if strings.Contains(f.log.String(), "panicked") {
		t.Errorf("logged: %s", f.log)
	}
}
