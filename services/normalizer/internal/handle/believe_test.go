package handle_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

func unproven(r *event.Raw) { r.Trust = event.Unproven }

// claim is an event that says what only a server can know, for a source.
const claim = `{"event_name":"Lead","event_time":1795339799,"action_source":"physical_store","advanced_measurement_table":"t","customer_segmentation":"new_customer_to_business",
	"data_processing_options":[],"user_data":{"em":"a@b.co","external_id":"u-1","fbp":"fb.1.1795426200000.1234567890","lead_id":"1234567890123456","subscription_id":"s","fb_login_id":"1",
	"page_id":"2","page_scoped_user_id":"3","ctwa_clid":"c"},"custom_data":{"value":5,"currency":"EUR","net_revenue":3,"predicted_ltv":9,"order_id":"o-1"}}`

// TestBelieve: an unproven sender's event says what a page can know, and nothing else of it is lost; a proven one's says all.
func TestBelieve(t *testing.T) {
	what := func(source string, change ...func(*event.Raw)) (members, dropped []string) {
		change = append(change, func(r *event.Raw) { r.Context = []byte(`{"test_event_code":"T","partner_agent":"p"}`) })
		s := handle.NewScratch()
		s.Begin()
		if end := newHandler(t, at(payloadNow)).Handle(raw(source, "capi", claim, change...), s); end != nil {
			t.Fatal(end)
		}
		v := decoded(t, s.Signal.Value).(map[string]any)
		var walk func(path string, v any)
		walk = func(path string, v any) {
			if m, ok := v.(map[string]any); ok {
				for k := range m {
					members = append(members, path+k)
					walk(k+".", m[k])
				}
			}
		}
		walk("", v)
		for _, h := range s.Signal.Headers {
			if h.Key == "ce_params" {
				members = append(members, "params")
			}
		}
		slices.Sort(members)
		dropped = s.DroppedValues()
		slices.Sort(dropped)
		return members, dropped
	}
	all, _ := what("store")
	page, dropped := what("capi", unproven)
	var gone []string
	for _, m := range all {
		if !slices.Contains(page, m) {
			gone = append(gone, m)
		}
	}
	want := []string{
		"advanced_measurement_table", "custom_data.net_revenue", "custom_data.predicted_ltv", "customer_segmentation", "params", "user_data.ctwa_clid",
		"user_data.fb_login_id", "user_data.lead_id", "user_data.page_id", "user_data.page_scoped_user_id", "user_data.subscription_id",
	}
	if diff := cmp.Diff(want, gone); diff != "" {
		t.Errorf("gone (-want +got): %s", diff)
	}
	wantDropped := []string{
		"action_source unproven", "ctwa_clid unproven", "custom_data unproven", "custom_data unproven", "event unproven", "event unproven", "event_time unproven",
		"fb_login_id unproven", "lead_id unproven", "page_id unproven", "page_scoped_user_id unproven", "params unproven", "subscription_id unproven",
	}
	if diff := cmp.Diff(wantDropped, dropped); diff != "" {
		t.Errorf("counted (-want +got): %s", diff)
	}
}

// TestBelieved: what becomes of a claim, by who made it.
func TestBelieved(t *testing.T) {
	sale := func(value, currency string) string {
		return `{"event_name":"Purchase","event_time":1795426200,"user_data":{"em":"a@b.co"},"custom_data":{"value":` + value + `,"currency":"` + currency + `"}}`
	}
	other := func(text, by string) string { return strings.Replace(lead, text, by, 1) }
	const appData = `"app_data":{"advertiser_tracking_enabled":1,"application_tracking_enabled":1,"extinfo":["i2","","","","17.4","","","","","","","","","","",""]},`
	for _, c := range []struct {
		name, source, item, member string
		proven, unproven           string // the member, or how the event ended
	}{
		{"a day old", "capi", other("1795426200", "1795339800"), "event_time", "1795339800", "1795339800"},
		{"older", "capi", other("1795426200", "1795339799"), "event_time", "1795339799", "1795426200"},
		{"a store on a website", "capi", other("{", `{"action_source":"physical_store",`), "action_source", `"website"`, `"website"`},
		{"an app", "app", other("{", `{"action_source":"APP",`+appData), "action_source", `"app"`, `"app"`},
		{"a website in an app", "app", other("{", `{"action_source":"website",`+appData), "action_source", `"app"`, `"app"`},
		{"without what an app's needs", "app", other("{", `{"action_source":"website",`), "action_source", `"website"`, "missing_field: app_data.advertiser_tracking_enabled"},
		{"allowed", "defaults", other("{", `{"action_source":"email",`), "action_source", `"email"`, `"email"`},
		{"of its channel", "defaults", other("{", `{"action_source":"website",`), "action_source", `"website"`, `"chat"`},
		{"LDU taken back", "limited", other("{", `{"data_processing_options":[],`), "data_processing_options", `[]`, `["LDU"]`},
		{"LDU of elsewhere", "limited", other("{", `{"data_processing_options":["LDU"],"data_processing_options_country":1,"data_processing_options_state":1001,`), "data_processing_options_state", `1001`, `1000`},
		{"LDU asked for", "capi", other("{", `{"data_processing_options":["LDU"],"data_processing_options_country":0,"data_processing_options_state":0,`), "data_processing_options", `["LDU"]`, `["LDU"]`},
		{"a dear sale", "capi", sale("10000", "USD"), "custom_data.value", "10000", "10000"},
		{"dearer", "capi", sale("10000.01", "USD"), "custom_data.value", "10000.01", "value_too_high: custom_data.value"},
		{"in yen", "capi", sale("900000", "JPY"), "custom_data.value", "900000", "900000"},
		{"in no known currency", "capi", sale("1000001", "XAF"), "custom_data.value", "1000001", "value_too_high: custom_data.value"},
		{"max_value", "dear", sale("50000", "USD"), "custom_data.value", "50000", "50000"},
		{"above it", "dear", sale("50001", "USD"), "custom_data.value", "50001", "value_too_high: custom_data.value"},
		{"any", "dearest", sale("5e7", "USD"), "custom_data.value", "5e7", "5e7"},
		{"of no purchase", "capi", strings.Replace(sale("10001", "USD"), "Purchase", "ViewContent", 1), "custom_data.value", "10001", ""},
	} {
		for _, by := range []struct {
			trust event.Trust
			want  string
		}{{event.Proven, c.proven}, {event.Unproven, c.unproven}} {
			s := handle.NewScratch()
			s.Begin()
			format := "capi"
			if c.source == "limited" {
				format = "ndjson"
			}
			end := newHandler(t, at(payloadNow)).Handle(raw(c.source, format, c.item, func(r *event.Raw) { r.Trust = by.trust }), s)
			if end != nil {
				if end.Error() != by.want {
					t.Errorf("%s, %s: ended by %s, want %s", c.name, by.trust, end, by.want)
				}
				continue
			}
			v := decoded(t, s.Signal.Value)
			for _, key := range strings.Split(c.member, ".") {
				m, _ := v.(map[string]any)
				v = m[key]
			}
			var want any
			if by.want != "" && !strings.HasPrefix(by.want, "value_") {
				want = decoded(t, []byte(by.want))
			}
			if !equal(v, want) || strings.HasPrefix(by.want, "value_") {
				t.Errorf("%s, %s: %s is %v, want %s", c.name, by.trust, c.member, v, by.want)
			}
		}
	}
}

// TestBelieveAllocates: the rules of unproven senders cost no memory either.
func TestBelieveAllocates(t *testing.T) {
	h, s := newHandler(t, at(payloadNow)), handle.NewScratch()
	rec := raw("capi", "capi", `{"event_name":"Purchase","event_time":1795426200,"action_source":"app","user_data":{"em":"a@b.co"},"custom_data":{"value":10.5,"currency":"USD"}}`, unproven)
	if got := testing.AllocsPerRun(200, func() {
		s.Begin()
		if end := h.Handle(rec, s); end != nil {
			t.Fatal(end)
		}
	}); got > 0 {
		t.Errorf("an event allocates %v times", got)
	}
}
