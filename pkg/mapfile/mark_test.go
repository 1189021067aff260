package mapfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

func TestUnmark(t *testing.T) {
	for cell, want := range map[string]string{
		`="02139"`: "02139", `=" a "`: "a", `=""`: "", `="`: `="`, `=A1`: `=A1`, "'02139": "02139", "'+49171": "+49171", "'-5": "-5", "'s-Hertogenbosch": "'s-Hertogenbosch",
		"'": "'", "'7'": "'7'", "": "", "o'1": "o'1",
	} {
		if got := string(unmark([]byte(cell))); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
}

// TestMarksOfCells are no part of any cell: of times, orders, amounts, receipts.
func TestMarksOfCells(t *testing.T) {
	m := receipts(t, `[{"index":0}]`)
	file := "\"=\"\"r1\"\"\",'1795426200,\"=\"\"a\"\"\",'5\nr1,1795426200,'7,\n'-9,\"=\"\"1795426200\"\"\",b,\"=\"\"1,234.50\"\"\"\n"
	if diff := cmp.Diff([]string{"1-2: a 7", "3-3: b"}, grouped(t, m, file)); diff != "" {
		t.Error(diff)
	}
	e := mapped(t, m, rows(t, m, CSV, []byte(file))[1].Item)
	if string(e.Custom.Value) != "1234.50" || e.Time != 1795426200 {
		t.Errorf("%s %d", e.Custom.Value, e.Time)
	}
}

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
