package mapfile

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// checkRows splits a spreadsheet: rows are items or refused, in order, and no error quotes a cell.
func checkRows(t *testing.T, m *Mapping, file []byte) {
	last := 0
	err := m.Split(bytes.NewReader(file), XLSX, func(r Row) bool {
		if (r.Item == nil) == (r.Err == nil) || r.Number <= last || r.Last < r.Number {
			t.Fatalf("row %d to %d after row %d: %s %v", r.Number, r.Last, last, r.Item, r.Err)
		}
		last = r.Last
		if r.Err != nil {
			quiet(t, r.Err)
			return r.Number < 1000
		}
		if !json.Valid(r.Item) {
			t.Fatalf("item is no JSON: %q", r.Item)
		}
		var e capi.Event
		dropped, err := m.Map(r.Item, berlin, &e)
		if err != nil {
			t.Fatalf("what Split lets through, Map refuses: %v: %q", err, r.Item)
		}
		for i := range dropped {
			quiet(t, &dropped[i])
		}
		return r.Number < 1000
	})
	if err != nil {
		quiet(t, err)
	}
}

func xlsxMapping(t testing.TB) *Mapping {
	return mustParse(t, `{"format":{"skip_blank_rows":false},"defaults":{"event_name":"Lead"},"columns":{"event_time":{"index":1},"user_data.em":{"index":0}}}`)
}

// FuzzSplitXLSX: any bytes.
func FuzzSplitXLSX(f *testing.F) {
	for _, s := range samples(f, "*.xlsx") {
		f.Add(s)
	}
	f.Add(packed(f, parts(nil)))
	f.Add([]byte(zipMark))
	m := xlsxMapping(f)
	f.Fuzz(func(t *testing.T, data []byte) { checkRows(t, m, data) })
}

// FuzzSheet: any texts as the parts of a sound archive, which bytes hardly ever make.
func FuzzSheet(f *testing.F) {
	all := parts(nil)
	add := func(rows, strings string) {
		f.Add(sheet(rows), sharedStrings(strings), all["xl/workbook.xml"], all["xl/_rels/workbook.xml.rels"])
	}
	add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>46349.5</v></c></row>`, `<si><t>`+secret+`</t></si>`)
	add(`<row r="7"><c r="C7" t="inlineStr"><is><t>`+secret+`</t></is></c><c t="s"><v>9</v></c><c t="b"><v>1</v></c></row><row/>`, `<si/>`)
	add(`<row r="1048576"><c r="XFD1048576" t="d"><v>2026-11-23</v></c></row><row r="x"><c r="1A" s="-1"/></row>`, `<si><r><t xml:space="preserve"> </t></r></si>`)
	add(`<mergeCell ref="A1:B2"/><row><c t="str"><f t="shared" si="0" ref="A1">A2</f><v>_x0041_</v></c></row>`, ``)
	m := xlsxMapping(f)
	f.Fuzz(func(t *testing.T, sheet, strings, workbook, rels string) {
		if len(sheet)+len(strings)+len(workbook)+len(rels) > 1<<16 {
			return
		}
		checkRows(t, m, packed(t, parts(map[string]string{
			"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings, "xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": rels,
		})))
	})
}

// FuzzShown: any format of any number is shown as a text that keeps its digits, or not at all.
func FuzzShown(f *testing.F) {
	f.Add("00000", "2139")
	f.Add(`"K-"0;[Red]-0`, "7")
	f.Add(`[$-409]dd/mm/yy`, "46349.5")
	f.Add("#,##0.00 [$€-407]", "1234.5")
	f.Add("(", "1E+300")
	f.Fuzz(func(t *testing.T, format, stored string) {
		var code, number bytes.Buffer
		if xml.EscapeText(&code, []byte(format)) != nil || xml.EscapeText(&number, []byte(stored)) != nil || len(stored) > 1000 {
			return
		}
		isPadded(format)
		m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"index":0},"custom_data.value":{"index":1}}}`)
		file := styled(t, `<row><c s="1"><v>`+number.String()+`</v></c><c s="1"><v>1</v></c></row>`, code.String())
		if err := m.Split(bytes.NewReader(file), XLSX, func(r Row) bool {
			if r.Err == nil && string(mapped(t, m, r.Item).Custom.Value) != "1" {
				t.Fatalf("%q makes another amount", format)
			}
			return true
		}); err != nil {
			quiet(t, err)
		}
	})
}

// FuzzItems: any path is refused in words or leads to whole values of any body.
func FuzzItems(f *testing.F) {
	for _, path := range []string{"", "$.orders[*]", `$["a.b"][0]`, "$[*].a", "$..", "a[*][*]", `$['`} {
		f.Add(path, []byte(`{"orders":[{"a":1},[2,{"a":"`+secret+`"}]],"a.b":[[1],2]}`))
	}
	f.Add("$[*].a", []byte(`[{"a":[1,2]},{"\u0061":3}]`))
	f.Fuzz(func(t *testing.T, path string, body []byte) {
		if jsonscan.Check(body, jsonscan.Limits{}) != nil {
			return // ingest checks what it takes
		}
		m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"path":"a"}}}`)
		if path != "" {
			steps, wrong := parsePath(path)
			if (wrong == "") != (len(steps) > 0) {
				t.Fatalf("%q: %d steps, %q", path, len(steps), wrong)
			}
			m.format.items = steps
		}
		err := m.Items(body, func(item []byte) bool {
			if !json.Valid(item) {
				t.Fatalf("%q is no value", item)
			}
			var e capi.Event
			if _, err := m.Map(item, berlin, &e); err != nil {
				quiet(t, err)
			}
			return true
		})
		if err != nil {
			quiet(t, err)
		}
	})
}
