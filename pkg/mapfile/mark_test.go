package mapfile

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// TestMarksOfExports: what exports write before ids is not part of them, nor of what identifies the event.
func TestMarksOfExports(t *testing.T) {
	for _, c := range []struct{ target, text, want string }{
		{"custom_data.order_id", "'1001", `"1001"`},
		{"custom_data.order_id", `=\"1001\"`, `"1001"`},
		{"custom_data.order_id", "'A-7", `"A-7"`},
		{"custom_data.ad_group_id", "ag:238450000000001", `"238450000000001"`},
		{"custom_data.campaign_id", "c:238450000000001", `"238450000000001"`},
		{"custom_data.form_id", "f:238450000000001", `"238450000000001"`},
		{"custom_data.content_ids", "'007", `["007"]`},
		{"custom_data.contents[].id", `=\"007\"`, `007`},
		{"custom_data.content_name", "'Til Dawn", `"'Til Dawn"`},
		{"custom_data.content_name", "c:major", `"c:major"`},
		{"custom_data.note", "", ``},
	} {
		m := mustParse(t, `{"format":{"header_rows":0},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0},"`+c.target+`":{"index":1}}}`)
		var e capi.Event
		if _, err := m.Map([]byte(`{"row":7,"lines":[["1","`+c.text+`"]]}`), berlin, &e); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, member := range e.Custom.Members {
			got = string(member.Value)
		}
		for _, content := range e.Custom.Contents {
			got = string(content.ID)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.target, c.text, got, c.want)
		}
	}
	m := mustParse(t, `{"format":{"header_rows":0},"defaults":{"event_name":"Lead"},"columns":{"custom_data.order_id":{"index":0}}}`)
	plain, err := m.Identify([]byte(`{"row":1,"lines":[["1001"]]}`))
	marked, err2 := m.Identify([]byte(`{"row":1,"lines":[["'1001"]]}`))
	if err != nil || err2 != nil || plain.NaturalKey != marked.NaturalKey {
		t.Errorf("%q and %q", plain.NaturalKey, marked.NaturalKey)
	}
}
