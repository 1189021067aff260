package handle_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// TestLabelsAreClosed: every series is there at zero, and no event makes another.
func TestLabelsAreClosed(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	w := newWorker(t, &publisher{}, reg)
	before := series(t, reg)
	var recs []*stream.Record
	for _, junk := range []string{`7`, `"x"`, `[]`, `[1]`, `{"a":1}`, `true`, `[{"id":{},"quantity":"x","item_price":[]}]`, `null`, `""`} {
		for _, member := range []string{
			"action_source", "event_source_url", "referrer_url", "opt_out", "data_processing_options", "data_processing_options_state",
			"data_processing_options_country", "messaging_channel", "custom_data", "app_data", "original_event_data", "own_member",
			"attribution_data", "contents", "advertiser_tracking_enabled", "client_ip_address",
		} {
			recs = append(recs, raw("capi", "capi", `{"event_name":"Lead","event_time":1795426200,"user_data":{"em":"a@b.co"},"`+member+`":`+junk+`}`))
		}
		for _, key := range []string{"em", "ph", "db", "client_ip_address", "fbc", "fbp", "lead_id", "madid", "user_id", "own_key", "page_id", "ctwa_clid"} {
			recs = append(recs, raw("capi", "capi", `{"event_name":"Lead","event_time":1795426200,"user_data":{"em":["a@b.co","a@b.co"],"`+key+`":`+junk+`}}`))
		}
		for _, key := range []string{"value", "currency", "contents", "content_ids", "num_items", "order_id", "own"} {
			recs = append(recs, raw("capi", "capi", `{"event_name":"Lead","event_time":1795426200,"user_data":{"em":"a@b.co"},"custom_data":{"`+key+`":`+junk+`}}`))
		}
		for _, key := range []string{"extinfo", "advertiser_tracking_enabled", "application_tracking_enabled", "madid", "own"} {
			recs = append(recs, raw("capi", "capi", `{"event_name":"Lead","event_time":1795426200,"user_data":{"em":"a@b.co"},"app_data":{"`+key+`":`+junk+`}}`))
		}
		recs = append(recs, raw("nobody", "capi", junk), raw("collect", "collect", `{"consent":`+junk+`}`),
			raw("capi", "capi", lead, func(r *event.Raw) { r.Context = []byte(junk) }))
	}
	work(w, t.Context(), chunkOf(recs...))
	if metric(t, reg, "omnicapi_normalizer_values_dropped_total", "reason", "malformed") < 50 {
		t.Error("few values were dropped: this test looks at nothing")
	}
	if diff := cmp.Diff(before, series(t, reg)); diff != "" {
		t.Error(diff)
	}
}

// TestTrustIsCounted: how events end is counted for proven and unproven senders apart; an envelope that says nothing is of a proven one.
func TestTrustIsCounted(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	w := newWorker(t, &publisher{}, reg)
	said := func(trust event.Trust) func(*event.Raw) { return func(r *event.Raw) { r.Trust = trust } }
	work(w, t.Context(), chunkOf(
		raw("capi", "capi", lead, said(event.Unproven)), raw("capi", "capi", lead, said(event.Unproven)), raw("capi", "capi", `{}`, said(event.Unproven)),
		raw("capi", "capi", lead, said(event.Proven)), raw("capi", "capi", lead, said("")),
	))
	for trust, want := range map[event.Trust]float64{event.Unproven: 3, event.Proven: 2} {
		if n := metric(t, reg, "omnicapi_normalizer_events_total", "trust", string(trust)); n != want {
			t.Errorf("%s: %v events", trust, n)
		}
	}
}

// series are the label sets of all metrics.
func series(t *testing.T, reg prometheus.Gatherer) map[string]bool {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := []string{f.GetName()}
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			all[strings.Join(labels, " ")] = true
		}
	}
	return all
}

// TestMappingFile: the file is read from where the configuration says; a missing one stops the start.
func TestMappingFile(t *testing.T) {
	cfg := testConfig()
	s := cfg.Sources["omni-web"]
	abs, err := filepath.Abs(s.Mapping)
	if err != nil {
		t.Fatal(err)
	}
	s.Mapping = abs
	cfg.Sources["omni-web"] = s
	t.Chdir(t.TempDir())
	if _, err := handle.NewSources(cfg, names); err == nil {
		t.Error("relative paths were found in another folder")
	}
	for name, other := range cfg.Sources {
		if other.Mapping != "" && name != "omni-web" {
			delete(cfg.Sources, name)
		}
	}
	if _, err := handle.NewSources(cfg, names); err != nil {
		t.Error(err)
	}
}
