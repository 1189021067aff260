package whatsapp

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestWhatsAppEnds: a referral is a fact; what is neither that nor an event cannot be read.
func TestWhatsAppEnds(t *testing.T) {
	for item, want := range map[string]string{
		`{"account":"1","message":{"referral":{}}}`:                                   "fact: referral",
		`{"account":"1","automatic_event":{"event_name":"Purchase","timestamp":"x"}}`: "",
		`{"account":"1","automatic_event":{"event_name":7}}`:                          "invalid_field: event_name",
		`{"account":"1","automatic_event":null}`:                                      "undecodable: item",
		`{"account":"1"}`:                                                             "undecodable: item",
		`[]`:                                                                          "undecodable: item",
		`{"account":1,"automatic_event":{"event_name":"Purchase","timestamp":"1795"}}`: "",
	} {
		var out mapping.Output
		got := ""
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: []byte(item)}}, &out); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"account":"102290129340398","automatic_event":{"id":"a","event_name":"Purchase","timestamp":1795425900,"ctwa_clid":"ARAk","custom_data":{"value":"42.5","currency":"usd"}}}`,
		`{"account":"1","message":{"from":"14155550123","referral":{"ctwa_clid":"A"}}}`, `{"automatic_event":{"custom_data":7}}`, `7`,
	} {
		f.Add([]byte(`{}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}
