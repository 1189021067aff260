package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// mannersOf is how senders of a format are answered.
func mannersOf(tb testing.TB, name string) format.Manners {
	tb.Helper()
	f := all.Named(name)
	if f == nil {
		tb.Fatalf("no format %s", name)
	}
	return f.Manners
}

// effect is how a request was answered, and what was stored of it.
type effect struct {
	status int
	stored int
	allow  string
	body   string
	values string // of the records
}

func (f *fixture) send(tb testing.TB, r *recorded.Request) effect {
	tb.Helper()
	in := httptest.NewRequest(r.Method, r.URL, bytes.NewReader(r.Body))
	in.Header = r.Header
	w := newRecorder()
	f.ServeHTTP(w, in)
	got := effect{status: w.Code, allow: w.Header().Get("Allow"), body: w.Body.String()}
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

// eachChanged sends one recorded request that brings an event for each format, method and kind of body: as it is, then changed
// and signed anew. check sees both effects. change returns false for a request that it cannot change.
func eachChanged(t *testing.T, change func(recorded.Case, *recorded.Request) bool, check func(t *testing.T, c recorded.Case, before, after effect)) {
	t.Helper()
	eachTampered(t, func(c recorded.Case, r *recorded.Request) bool {
		if !change(c, r) {
			return false
		}
		if err := r.Sign(arrival); err != nil {
			t.Fatal(err)
		}
		return true
	}, check)
}

// eachTampered is eachChanged with the signature left as it was.
func eachTampered(t *testing.T, change func(recorded.Case, *recorded.Request) bool, check func(t *testing.T, c recorded.Case, before, after effect)) {
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
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) { check(t, c, before, after) })
	}
	if len(tried) == 0 {
		t.Error("fits no recorded request")
	}
	if used := f.bodies.used; used != 0 {
		t.Errorf("%d bytes of the budget are not given back", used)
	}
	if strings.Contains(f.log.String(), "panicked") {
		t.Errorf("logged: %s", f.log)
	}
}
