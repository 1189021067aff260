package mapfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// TestDefaultsFillWhatTheRowLeavesEmpty, and not what it holds and can't be read, but for an opt-out; of each kind of
// target that may have one.
func TestDefaultsFillWhatTheRowLeavesEmpty(t *testing.T) {
	m := mustParse(t, "\ufeff"+`{"version":1,"format":{"header_rows":0,"separator":","},
		"defaults":{"event_name":"Lead","action_source":"physical_store","event_source_url":"https://d/","referrer_url":"https://r/","opt_out":true,
			"data_processing_options":"LDU","data_processing_options_country":1,"data_processing_options_state":1000,"messaging_channel":"whatsapp",
			"custom_data.value":9.5,"custom_data.currency":"EUR","custom_data.note":"n","custom_data.num_items":2,"custom_data.content_ids":"c","custom_data.tier":"t",
			"app_data.advertiser_tracking_enabled":1,"app_data.application_tracking_enabled":"0","app_data.campaign_ids":"k"},
		"columns":{"event_name":{"index":0},"action_source":{"index":1},"event_source_url":{"index":2},"opt_out":{"index":3},"custom_data.value":{"index":4},
			"custom_data.currency":{"index":5},"custom_data.note":{"index":6},"custom_data.content_ids":{"index":7},"app_data.campaign_ids":{"index":8},
			"app_data.advertiser_tracking_enabled":{"index":9},"user_data.em":{"index":10}}}`)
	text := func(e *capi.Event) string {
		members := func(list []capi.Member) (out string) {
			var all []string
			for _, mem := range list {
				all = append(all, string(mem.Key)+"="+string(mem.Value))
			}
			return strings.Join(all, " ")
		}
		var parts []string
		for _, b := range [][]byte{
			e.Name, e.ActionSource, e.SourceURL, e.ReferrerURL, e.OptOut, e.Options, e.OptCountry, e.OptState, e.Messaging, e.Custom.Value, e.Custom.Currency,
			[]byte(members(e.Custom.Members)), e.App.AdvertiserTracking, e.App.ApplicationTracking, []byte(members(e.App.Members)),
		} {
			parts = append(parts, string(b))
		}
		return strings.Join(parts, "|")
	}
	for line, want := range map[string]string{
		",,,,,,,,,,x": `Lead|physical_store|https://d/|https://r/|true|["LDU"]|1|1000|whatsapp|9.5|EUR|note="n" num_items=2 content_ids=["c"] tier="t"|1|0|campaign_ids="k"`,
		"Won,email,https://e/,no,0,usd,m,d,l,no,x": `Won|email|https://e/|https://r/|false|["LDU"]|1|1000|whatsapp|0|usd|note="m" content_ids=["d"] num_items=2 tier="t"|0|0|campaign_ids="l"`,
		",,,maybe,,,,,,maybe,x":                    `Lead|physical_store|https://d/|https://r/|true|["LDU"]|1|1000|whatsapp|9.5|EUR|note="n" num_items=2 content_ids=["c"] tier="t"||0|campaign_ids="k"`,
	} {
		if diff := cmp.Diff(want, text(mapped(t, m, rows(t, m, CSV, []byte(line+"\n"))[0].Item))); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
}

// TestWaysToAColumn: the same column by name, letters, index, and in Meta's flat shape by number, digits and letters.
func TestWaysToAColumn(t *testing.T) {
	for _, way := range []string{
		`{"columns":{"event_name":{"name":"event"},"event_time":{"index":1},"user_data.em":{"name":" E-MAIL "}}}`,
		`{"format":{"header_rows":1},"columns":{"event_name":{"column":"a"},"event_time":{"column":"B"},"user_data.em":{"column":"AB"}}}`,
		`{"format":{"header_rows":1},"columns":{"event_name":{"index":0},"event_time":{"index":1},"user_data.email":{"index":27}}}`,
		`{"EVENT_NAME":0,"EVENT_TIME":1,"EMAIL":27}`,
		`{"EVENT_NAME":"0","EVENT_TIME":"1","EMAIL":"27"}`,
		`{"EVENT_NAME":"A","EVENT_TIME":"b","EMAIL":"AB"}`,
	} {
		m := mustParse(t, way)
		file := "Event,At" + strings.Repeat(",", 26) + "E-Mail\nLead,1795426200" + strings.Repeat(",", 26) + "a@x.example\n"
		all := rows(t, m, CSV, []byte(file))
		if len(all) != 1 || all[0].Number != 2 {
			t.Fatalf("%s: %d rows", way, len(all))
		}
		e := mapped(t, m, all[0].Item)
		if string(e.Name) != "Lead" || e.Time != 1795426200 || len(e.User.Values) != 1 || string(e.User.Values[0].Text) != "a@x.example" {
			t.Errorf("%s: %s %d %v", way, e.Name, e.Time, e.User.Values)
		}
	}
}

// TestMetaFlatShape: each key that Meta's samples have goes to its field; rows before the first time are headers, be the
// word Purchase in them.
func TestMetaFlatShape(t *testing.T) {
	if len(flatKeys) != 24 {
		t.Errorf("%d keys, Meta's samples have 24", len(flatKeys))
	}
	for key, path := range flatKeys {
		if _, wrong := parseTarget(path); wrong != "" {
			t.Errorf("%s: %s %s", key, path, wrong)
		}
	}
	m := mustParse(t, `{"EVENT_NAME":0,"EVENT_TIME":1,"VALUE":2}`)
	all := rows(t, m, CSV, []byte("Purchase;event_time;value\n;;\nPurchase;;\nPurchase;1795426200;1\nPurchase;never;2\nLead;1795426200;3\n"))
	var got []string
	for _, r := range all {
		if r.Err != nil {
			got = append(got, r.Err.Error())
			continue
		}
		e := mapped(t, m, r.Item)
		got = append(got, string(e.Name)+" "+string(e.Custom.Value))
	}
	want := []string{"Purchase 1", "row 5, column B, event_time: is no time that can be read", "Lead 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := m.Split(strings.NewReader("Purchase;event_time\nPurchase;\n"), CSV, func(Row) bool { return true }); err == nil || !strings.Contains(err.Error(), "EVENT_TIME") {
		t.Errorf("no row at all: %v", err)
	}
}

func TestMatch(t *testing.T) {
	for pattern, files := range map[string]map[string]bool{
		"":              {"anything": true},
		"store-*.csv":   {"store-1.csv": true, "/in/store-1.csv": true, "store-1.xlsx": false, "web-1.csv": false, "store/1.csv": false},
		"[sw]*-?.xlsx":  {"store-1.xlsx": true, "web-2.xlsx": true, "crm-1.xlsx": false},
		`a\\*b.csv`:     {"a*b.csv": true, "axb.csv": false},
		"data/sale.csv": {"sale.csv": false}, // file names have no folder
	} {
		m := mustParse(t, `{"match":"`+pattern+`","defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`)
		for file, want := range files {
			if m.Matches(file) != want {
				t.Errorf("%q and %s: %t", pattern, file, !want)
			}
		}
	}
}

// TestKindsOfFiles: a mapping of one type refuses the other.
func TestKindsOfFiles(t *testing.T) {
	for kind, want := range map[string]string{"csv": "", "xlsx": "the mapping file is for xlsx files"} {
		m := mustParse(t, `{"format":{"type":"`+kind+`"},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`)
		got := ""
		if err := m.Split(strings.NewReader("a\n"), CSV, func(Row) bool { return true }); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

// TestProblemsNameTheWholeIndex: the thirteenth of group_by is not the third.
func TestProblemsNameTheWholeIndex(t *testing.T) {
	got := paths(t, `{"defaults":{"event_name":"Lead"},"columns":{},"group_by":[`+strings.Repeat(`"a",`, 12)+`{"index":-1}]}`)
	if diff := cmp.Diff([]string{"group_by[12].index"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestRowsHaveAsManyColumnsAsASpreadsheet, and no more: it is not their length that is told.
func TestRowsHaveAsManyColumnsAsASpreadsheet(t *testing.T) {
	m := mustParse(t, `{"format":{"separator":","},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":16383}}}`)
	widest := strings.Repeat(",", maxColumns-1)
	if all := rows(t, m, CSV, []byte(widest+"x\n")); len(all) != 1 || string(mapped(t, m, all[0].Item).ID) != "x" {
		t.Errorf("%d rows", len(all))
	}
	err := m.Split(strings.NewReader("a\n"+widest+",x\n"), CSV, func(Row) bool { return true })
	if want := "row 2: " + tooManyColumns; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestMappingsAreBounded in columns.
func TestMappingsAreBounded(t *testing.T) {
	mapping := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(`,"custom_data.c` + strings.Repeat("x", i%60) + string(rune('a'+i/60)) + `":{"index":1}`)
		}
		return `{"defaults":{"event_name":"Lead"},"columns":{` + b.String()[1:] + `}}`
	}
	mustParse(t, mapping(maxFields))
	if diff := cmp.Diff([]string{"columns"}, paths(t, mapping(maxFields+1))); diff != "" {
		t.Error(diff)
	}
}

// TestTruth: what people and programs write for yes and no; of anything else, opt_out is the wish that was not understood.
func TestTruth(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0},"opt_out":{"index":1},"app_data.advertiser_tracking_enabled":{"index":1}}}`)
	for text, want := range map[string]string{
		"true": "true 1", "TRUE": "true 1", "1": "true 1", "Yes": "true 1", "y": "true 1", "false": "false 0", "False": "false 0", "0": "false 0",
		"NO": "false 0", "n": "false 0", "maybe": "true ", "2": "true ", "ja": "true ", "t": "true ",
	} {
		var e capi.Event
		dropped, err := m.Map([]byte(`{"row":1,"lines":[["1","`+text+`"]]}`), berlin, &e)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(e.OptOut) + " " + string(e.App.AdvertiserTracking); got != want || (len(dropped) == 2) != (want == "true ") {
			t.Errorf("%s: %q, dropped %v", text, got, dropped)
		}
	}
}
