package mapfile

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	mainSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	office    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

func workbook(inner string) string {
	return xmlHead + `<workbook ` + mainSpace + `>` + inner + `</workbook>`
}

func sheet(rows string) string {
	return xmlHead + `<worksheet ` + mainSpace + `><sheetData>` + rows + `</sheetData></worksheet>`
}

func sharedStrings(inner string) string {
	return xmlHead + `<sst ` + mainSpace + `>` + inner + `</sst>`
}

// parts are the least that a spreadsheet has, with others in their place or beside them.
func parts(others map[string]string) map[string]string {
	all := map[string]string{
		"[Content_Types].xml": xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`,
		"_rels/.rels": xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
			<Relationship Id="rId1" Type="` + office + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": workbook(`<sheets><sheet name="First" sheetId="1" r:id="rId1"/><sheet name="Sales" sheetId="2" r:id="rId2"/></sheets>`),
		"xl/_rels/workbook.xml.rels": xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
			<Relationship Id="rId1" Type="` + office + `worksheet" Target="worksheets/sheet1.xml"/>
			<Relationship Id="rId2" Type="` + office + `worksheet" Target="worksheets/sheet2.xml"/>
			<Relationship Id="rId3" Type="` + office + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c></row>`),
		"xl/worksheets/sheet2.xml": sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>two</t></is></c></row>`),
		"xl/sharedStrings.xml":     sharedStrings(`<si><t>shared</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si>`),
	}
	maps.Copy(all, others)
	return all
}

func packed(t testing.TB, all map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(all[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// xlsxRows are the rows of a spreadsheet as text, its errors in their places.
func xlsxRows(t testing.TB, format string, file []byte) []string {
	t.Helper()
	m := mustParse(t, `{"format":`+format+`,"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`)
	var got []string
	err := m.Split(bytes.NewReader(file), XLSX, func(r Row) bool {
		if r.Err != nil {
			got = append(got, "!"+r.Err.Error())
			return true
		}
		got = append(got, strconv.Itoa(r.Number)+" "+strings.Join(lines(t, r.Item)[0], "|"))
		return true
	})
	if err != nil {
		got = append(got, "!!"+err.Error())
	}
	return got
}

func TestXLSX(t *testing.T) {
	rows := func(xml string) map[string]string { return map[string]string{"xl/worksheets/sheet1.xml": sheet(xml)} }
	for _, c := range []struct {
		name, format string
		parts        map[string]string
		want         []string
	}{
		{"the first sheet", `{}`, nil, []string{"1 one"}},
		{"a sheet by name", `{"sheet":"sales"}`, nil, []string{"1 two"}},
		{"no such sheet", `{"sheet":"Summary"}`, nil, []string{"!!has no sheet of the name that format.sheet says"}},
		{
			"values as they are stored", `{}`, rows(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1"><v>46349.395833333336</v></c>
			<c r="D1"><v>1234567890123456</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="str"><f>A1</f><v> text </v></c><c r="G1" t="e"><v>#N/A</v></c></row>`),
			[]string{"1 shared|rich|46349.395833333336|1234567890123456|1|text|#N/A"},
		},
		{
			"rows and cells that are left out keep their places", `{}`, rows(`<row r="2"><c r="B2"><v>1</v></c></row><row r="5"><c r="A5"><v>2</v></c><c r="C5"><v>3</v></c></row>`),
			[]string{"2 |1", "5 2||3"},
		},
		{"neither rows nor cells are numbered", `{}`, rows(`<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`), []string{"1 1|2", "2 3"}},
		{
			"blank rows refused", `{"skip_blank_rows":false}`, rows(`<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>`),
			[]string{"1 1", "!row 2: is blank", "3 2"},
		},
		{"no rows", `{"header_rows":1}`, rows(``), []string{"!!ends before its first row"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, xlsxRows(t, c.format, packed(t, parts(c.parts)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestXLSXOfOldMacs: their days are counted from 1904, and the item says so.
func TestXLSXOfOldMacs(t *testing.T) {
	m := mustParse(t, `{"format":{"timezone":"UTC"},"defaults":{"event_name":"Lead"},"columns":{"event_time":{"index":0}}}`)
	for props, want := range map[string]int64{``: 1795392000, `<workbookPr date1904="1"/>`: 1795392000 + 1462*86400, `<workbookPr date1904="0"/>`: 1795392000} {
		file := packed(t, parts(map[string]string{
			"xl/workbook.xml":          workbook(props + `<sheets><sheet name="First" sheetId="1" r:id="rId1"/></sheets>`),
			"xl/worksheets/sheet1.xml": sheet(`<row r="1"><c r="A1"><v>46349</v></c></row>`),
		}))
		if got := mapped(t, m, rows(t, m, XLSX, file)[0].Item).Time; got != want {
			t.Errorf("%q: %d, want %d", props, got, want)
		}
	}
}

// TestXLSXThatBreaksOff gives no row: excelize takes a sheet that breaks off for one that ends.
func TestXLSXThatBreaksOff(t *testing.T) {
	whole := sheet(`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>`)
	for name, xml := range map[string]string{
		"cut":         whole[:strings.Index(whole, `<row r="2"`)+5],
		"wrong tag":   strings.Replace(whole, `</v></c></row></sheet`, `</w></c></row></sheet`, 1),
		"no UTF-8":    strings.Replace(whole, "<v>2", "<v>\xff", 1),
		"other code":  strings.Replace(whole, "UTF-8", "UTF-7", 1),
		"row numbers": strings.Replace(whole, `r="2"`, `r="1048577"`, 1),
	} {
		got := xlsxRows(t, `{}`, packed(t, parts(map[string]string{"xl/worksheets/sheet1.xml": xml})))
		if len(got) == 0 || got[len(got)-1] != "!!"+unreadableXLSX || len(got) > 1 && name != "row numbers" {
			t.Errorf("%s: %q", name, got)
		}
	}
	file := packed(t, parts(nil))
	for _, cut := range []int{4, 30, len(file) / 2, len(file) - 1} {
		if got := xlsxRows(t, `{}`, file[:cut]); fmt.Sprint(got) != "[!!"+unreadableXLSX+"]" {
			t.Errorf("the first %d bytes: %q", cut, got)
		}
	}
}

// TestOtherFiles are told what they are.
func TestOtherFiles(t *testing.T) {
	for _, c := range []struct{ file, csv, xlsx string }{
		{"\x1f\x8b\x08...", "is packed with gzip: unpack it", "is packed with gzip: unpack it"},
		{"\xd0\xcf\x11\xe0...", "is an XLS file, or has a password: save it as XLSX without one", "is an XLS file, or has a password: save it as XLSX without one"},
		{"PK\x03\x04...", "is an XLSX file, not CSV", unreadableXLSX},
		{"a,b\n", "", "is no XLSX file"},
	} {
		m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`)
		for kind, want := range map[Kind]string{CSV: c.csv, XLSX: c.xlsx} {
			got := ""
			if err := m.Split(strings.NewReader(c.file), kind, func(Row) bool { return true }); err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%q as %s: %q, want %q", c.file, kind, got, want)
			}
		}
	}
}
