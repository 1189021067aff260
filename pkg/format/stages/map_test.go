package stages

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// TestStageName: the stage as it is, cut to what Meta takes; the source's own table sees the whole of it.
func TestStageName(t *testing.T) {
	const long = "A stage whose name is far longer than the fifty characters Meta takes"
	for name, tt := range map[string]struct {
		item, want string
		events     map[string][]byte
	}{
		"as it is":  {item: `{"stage":"Gewonnen ✓"}`, want: "Gewonnen ✓"},
		"cut":       {item: `{"stage":"` + long + `"}`, want: long[:50]},
		"own, long": {item: `{"stage":"` + long + `"}`, want: "Purchase", events: map[string][]byte{long: []byte("Purchase")}},
		"dropped":   {item: `{"stage":"lost"}`, want: "dropped", events: map[string][]byte{"lost": nil}},
		"none":      {item: `{}`, want: ""},
		"a number":  {item: `{"stage":7}`, want: "invalid_field: event_name"},
		"no object": {item: `7`, want: "undecodable: item"},
	} {
		t.Run(name, func(t *testing.T) {
			in := mapping.Input{Raw: &event.Raw{Item: []byte(tt.item)}, Events: tt.events}
			var out mapping.Output
			got := "dropped"
			if err := (Mapper{}).Map(&in, &out); err != nil {
				got = err.Error()
			} else if !in.Rename(nil, &out) {
				got = string(out.Event.Name)
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestCRM: each event names its CRM once: the change's own word, the request's, the source's name.
func TestCRM(t *testing.T) {
	const request = `{"source":"Request"}`
	for _, c := range []struct{ request, item, want string }{
		{request, `{"stage":"a","source":"Own"}`, `"Own"`},
		{request, `{"stage":"a","custom_data":{"lead_event_source":"Nearest"}}`, `"Nearest"`},
		{request, `{"stage":"a"}`, `"Request"`},
		{request, `{"stage":"a","source":null}`, `"Request"`},
		{request, `{"stage":"a","source":""}`, `"Request"`},
		{`{"source":""}`, `{"stage":"a"}`, `"crm-source"`},
		{`{}`, `{"stage":"a","source":" "}`, `"crm-source"`},
	} {
		in := mapping.Input{Raw: &event.Raw{Item: []byte(c.item), Source: []byte("crm-source"), Context: []byte(c.request)}}
		var out mapping.Output
		if err := (Mapper{}).Map(&in, &out); err != nil {
			t.Fatal(err)
		}
		var sources []string
		for _, m := range out.Event.Custom.Members {
			if string(m.Key) == "lead_event_source" {
				sources = append(sources, string(m.Value))
			}
		}
		if len(sources) != 1 || sources[0] != c.want || !out.HasMember("event_source") {
			t.Errorf("%s %s: %v, want %s", c.request, c.item, sources, c.want)
		}
	}
}

// TestStageLead: a lead's id is as good as text and as number, to its last digit.
func TestStageLead(t *testing.T) {
	for _, item := range []string{`{"lead_id":90071992547409931}`, `{"lead_id":"90071992547409931"}`} {
		if got := mappingtest.MappedValue(t, Mapper{}, `{}`, item, identity.LeadID); got != "90071992547409931" {
			t.Errorf("%s: %s", item, got)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"lead_id":"1234567890123456","stage":"converted","occurred_at":"2026-11-23T09:30:00Z","contact":{"email":"jane.doe@example.com"},"value":1200,"currency":"USD"}`,
		`{"stage":"x","contact":7,"custom_data":[],"source":{}}`, `{"occurred_at":true}`, `7`,
	} {
		f.Add([]byte(`{"source":"CRM"}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}
