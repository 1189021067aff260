package handle_test

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// TestEnds: what a source's policy and the event's time end.
func TestEnds(t *testing.T) {
	for _, c := range []struct{ name, source, format, item, want string }{
		{"consent unknown", "strict", "collect", `{"event_name":"Lead","user":{"em":"a@b.co"}}`, "consent: unknown_denied"},
		{"consent given", "strict", "collect", `{"event_name":"Lead","user":{"em":"a@b.co"},"consent":true}`, ""},
		{"own name dropped", "renames", "meta.openbridge", `{"event_name":"Signed In","fb.advanced_matching":{"em":"a@b.co"}}`, "unmapped: event_name"},
		{"built-in drop", "openbridge", "meta.openbridge", `{"event_name":"Microdata","fb.advanced_matching":{"em":"a@b.co"}}`, "unmapped: event_name"},
		{"built-in drop", "openbridge", "meta.openbridge", `{"event_name":"SubscribedButtonClick"}`, "unmapped: event_name"},
		{"built-in drop", "openbridge", "meta.openbridge", `{"event_name":"InputData"}`, "unmapped: event_name"},
		{"no dataset", "orphan", "capi", lead, "unknown_dataset: dataset"},
		{"no source", "nobody", "capi", lead, "unknown_source: source"},
		{"unknown format", "capi", "carrier.pigeon", lead, "unsupported_version: format"},
		{"no time", "capi", "capi", `{"event_name":"Lead","user_data":{"em":"a@b.co"}}`, "missing_field: event_time"},
		{"future", "capi", "capi", strings.Replace(lead, "1795426200", "1795426261", 1), "event_time_future: event_time"},
		{"bad time", "capi", "capi", strings.Replace(lead, "1795426200", `"soon"`, 1), "invalid_field: event_time"},
		{"country is no match key", "defaults", "capi", `{"event_name":"Lead","event_time":1795426200}`, "no_identity"},
	} {
		s := handle.NewScratch()
		s.Begin()
		got := ""
		if end := newHandler(t, at(payloadNow)).Handle(raw(c.source, c.format, c.item), s); end != nil {
			got = end.Error()
		}
		if got != c.want {
			t.Errorf("%s: ended by %q, want %q", c.name, got, c.want)
		}
	}
}

// TestPolicies: what a source's and its dataset's settings do to a signal. An empty text: the member is not there.
func TestPolicies(t *testing.T) {
	person := `"user_data":{"em":"a@b.co"}`
	for _, c := range []struct {
		name, source, format, item string
		member, want               string
	}{
		{"rename", "renames", "meta.openbridge", `{"event_name":"Order Shipped","custom_data":{"value":1,"currency":"EUR"},"fb.advanced_matching":{"em":"a@b.co"}}`, "event_name", `"Purchase"`},
		{"rename beats built-in drop", "renames", "meta.openbridge", `{"event_name":"Microdata","fb.advanced_matching":{"em":"a@b.co"}}`, "event_name", `"ViewContent"`},
		{"LDU", "limited", "collect", `{"event_name":"Lead","user":{"em":"a@b.co"}}`, "data_processing_options", `["LDU"]`},
		{"LDU's state", "limited", "collect", `{"event_name":"Lead","user":{"em":"a@b.co"}}`, "data_processing_options_state", `1000`},
		{"LDU off", "limited", "collect", `{"event_name":"Lead","user":{"em":"a@b.co"},"data_processing_options":[]}`, "data_processing_options", `[]`},
		{"currency", "defaults", "capi", `{"event_name":"Lead","event_time":1795426200,` + person + `,"custom_data":{"value":5}}`, "custom_data.currency", `"EUR"`},
		{"own currency", "defaults", "capi", `{"event_name":"Lead","event_time":1795426200,` + person + `,"custom_data":{"value":5,"currency":"usd"}}`, "custom_data.currency", `"USD"`},
		{"action_source", "defaults", "capi", lead, "action_source", `"chat"`},
		{"own action_source", "defaults", "capi", strings.Replace(lead, "{", `{"action_source":"email",`, 1), "action_source", `"email"`},
		{"action_source of another channel", "defaults", "capi", strings.Replace(lead, "{", `{"action_source":"physical_store",`, 1), "action_source", `"chat"`},
		{"URL of a website", "defaults", "capi", strings.Replace(lead, "{", `{"action_source":"website",`, 1), "event_source_url", `"https://d.example.com/"`},
		{"no URL of a chat", "defaults", "capi", lead, "event_source_url", ""},
		{"no country", "defaults", "capi", lead, "user_data.country", ""},
		{"channel's action_source", "store", "capi", lead, "action_source", `"physical_store"`},
		{"60 s ahead is now", "capi", "capi", strings.Replace(lead, "1795426200", "1795426260", 1), "event_time", "1795426200"},
		{"milliseconds", "capi", "capi", strings.Replace(lead, "1795426200", "1795426100123", 1), "event_time", "1795426100"},
		{"microseconds", "capi", "capi", strings.Replace(lead, "1795426200", "1795426100123456", 1), "event_time", "1795426100"},
		{"text", "capi", "capi", strings.Replace(lead, "1795426200", `"1795426100"`, 1), "event_time", "1795426100"},
		{"RFC 3339", "capi", "capi", strings.Replace(lead, "1795426200", `"2026-11-23T10:50:00+02:00"`, 1), "event_time", "1795423800"},
		{"click id", "capi", "capi", strings.Replace(lead, "{", `{"event_source_url":"https://s.example.com/?fbclid=AbC-1_x",`, 1), "user_data.fbc", `"fb.1.1795426200000.AbC-1_x"`},
	} {
		body, _ := signalOf(t, raw(c.source, c.format, c.item), payloadNow)
		v := decoded(t, body)
		for _, key := range strings.Split(c.member, ".") {
			m, _ := v.(map[string]any)
			v = m[key]
		}
		var want any
		if c.want != "" {
			want = decoded(t, []byte(c.want))
		}
		if !equal(v, want) {
			t.Errorf("%s: %s is %v, want %v", c.name, c.member, v, want)
		}
	}
}

// TestParams: the sender's own parameters go along, credentials and empty ones never.
func TestParams(t *testing.T) {
	for context, want := range map[string]string{
		``: "",
		`{"access_token":"x","accessKey":"x","appsecret_proof":"x","token":"x"}`:       "",
		`{"test_event_code":"TEST1","partner_agent":null,"upload_tag":"","token":"x"}`: `{"test_event_code":"TEST1"}`,
		`{"test_event_code":"T", "upload_source" : {"a": 1}}`:                          `{"test_event_code":"T","upload_source":{"a":1}}`,
	} {
		_, sig := signalOf(t, raw("capi", "capi", lead, func(r *event.Raw) { r.Context = []byte(context) }), payloadNow)
		if string(sig.Params) != want {
			t.Errorf("%s: %s, want %s", context, sig.Params, want)
		}
	}
}

// TestEveryFormatHasAMapper: whatever a source may speak is understood.
func TestEveryFormatHasAMapper(t *testing.T) {
	for _, f := range all.Formats {
		s := handle.NewScratch()
		s.Begin()
		end := newHandler(t, at(payloadNow)).Handle(raw("capi", f.Name, lead), s)
		if end != nil && end.Detail == "format" {
			t.Errorf("%s has no mapper", f.Name)
		}
	}
}
