package mapfile

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// styled are the parts of a spreadsheet of one row, each cell with the format of its place.
func styled(t testing.TB, row string, formats ...string) []byte {
	t.Helper()
	var codes, xfs strings.Builder
	for i, code := range formats {
		id := string(rune('0' + i))
		codes.WriteString(`<numFmt numFmtId="20` + id + `" formatCode="` + strings.ReplaceAll(code, `"`, "&quot;") + `"/>`)
		xfs.WriteString(`<xf numFmtId="20` + id + `" applyNumberFormat="1"/>`)
	}
	all := parts(map[string]string{
		"xl/worksheets/sheet1.xml": sheet(row),
		"xl/styles.xml":            xmlHead + `<styleSheet ` + mainSpace + `><numFmts>` + codes.String() + `</numFmts><cellXfs><xf numFmtId="0"/>` + xfs.String() + `</cellXfs></styleSheet>`,
	})
	all["xl/_rels/workbook.xml.rels"] = strings.Replace(all["xl/_rels/workbook.xml.rels"], "</Relationships>",
		`<Relationship Id="rId9" Type="`+office+`styles" Target="styles.xml"/></Relationships>`, 1)
	return packed(t, all)
}

// TestCellsCountAsTheyAreShown: where a format adds what the number has lost, and not where it writes the number otherwise.
func TestCellsCountAsTheyAreShown(t *testing.T) {
	for _, c := range []struct{ target, format, stored, want string }{
		{"user_data.zp", "00000", "2139", "02139"},
		{"user_data.zp", "00000-0000", "21391234", "02139-1234"},
		{"user_data.zp", "0", "2139", "2139"},
		{"user_data.zp", "00000;@", "2139", "02139"},
		{"user_data.external_id", "000-00-0000", "12345678", "012-34-5678"},
		{"user_data.external_id", `000"."000"."000"-"00`, "1234567890", "012.345.678-90"},
		{"user_data.external_id", `"K-"0`, "7", "K-7"},
		{"user_data.external_id", `"K-"0000`, "42", "K-0042"},
		{"user_data.external_id", "#,##0", "1234567", "1234567"},
		{"user_data.external_id", "0.00", "1001", "1001"},
		{"user_data.external_id", "0.00E+00", "4155550123", "4155550123"},
		{"user_data.external_id", `"$"#,##0.00`, "1001", "1001"},
		{"user_data.external_id", "#,##0 [$€-407]", "1001", "1001"},
		{"user_data.external_id", "@", "1001", "1001"},
		{"user_data.ph", "00 00 00 00 00", "612345678", "06 12 34 56 78"},
		{"user_data.ph", "+0", "491711234567", "+491711234567"},
		{"user_data.ph", "(000) 000-0000", "4155550123", "(415) 555-0123"},
		{"user_data.ph", "[&lt;=9999999]###-####;(###) ###-####", "4155550123", "4155550123"},
		{"user_data.client_ip_address", "#,##0", "123123123123", ""},
		{"event_id", "000000", "17", "000017"},
		{"custom_data.order_id", `"R"00000`, "17", "R00017"},
		{"custom_data.note", "yyyy-mm-dd", "46349", "2026-11-23"},
		{"custom_data.note", `0 "pieces"`, "3", "3 pieces"},
		{"custom_data.note", "0.0", "3.25", "3.25"},
		{"custom_data.value", "00000", "39.899999999999999", "39.9"},
		{"custom_data.value", `"EUR "0`, "39.9", "39.9"},
		{"custom_data.value", `"$"#,##0`, "1234.56", "1234.56"},
		{"custom_data.num_items", "000", "3", "3"},
		{"user_data.db", "dd/mm/yy", "33055", "1990-07-01"},
		{"user_data.db", "General", "19900701", "19900701"},
	} {
		m := mustParse(t, `{"format":{"header_rows":0},"defaults":{"event_name":"Lead"},"columns":{"`+c.target+`":{"index":0}}}`)
		for _, before := range []string{"", `<row r="1"><c r="A1" t="inlineStr" s="1"><is><t>x</t></is></c></row>`} { // rows stay side by side
			file := styled(t, before+`<row r="2"><c r="A2" s="1"><v>`+c.stored+`</v></c></row>`, c.format)
			all := rows(t, m, XLSX, file)
			last := all[len(all)-1]
			if last.Err != nil {
				t.Fatalf("%s %s: %v", c.target, c.format, last.Err)
			}
			e := mapped(t, m, last.Item)
			texts := []string{string(e.ID), string(e.Custom.Value)}
			for _, v := range e.User.Values {
				texts = append(texts, string(v.Text))
			}
			for _, mem := range e.Custom.Members {
				texts = append(texts, strings.Trim(string(mem.Value), `"`))
			}
			if got := strings.Join(texts, ""); got != c.want {
				t.Errorf("%s, %s as %s: %q, want %q", c.target, c.stored, c.format, got, c.want)
			}
			if c.target == "custom_data.value" {
				break // the row above has none
			}
		}
	}
}

// TestWhatIsShownOfOneColumn changes no other, and a column that fills a number too is one.
func TestWhatIsShownOfOneColumn(t *testing.T) {
	m := mustParse(t, `{"format":{"timezone":"UTC"},"defaults":{"event_name":"Lead"},"columns":{"event_time":{"index":0},"user_data.zp":{"index":1},"custom_data.value":{"index":2},
		"custom_data.order_id":{"index":2},"custom_data.note":{"index":3}}}`)
	file := styled(t, `<row><c s="2"><v>46349.5</v></c><c s="1"><v>2139</v></c><c s="1"><v>17</v></c><c t="inlineStr" s="1"><is><t>7</t></is></c><c s="1"><v>5</v></c></row>`,
		"00000", "dd.mm.yyyy")
	if diff := cmp.Diff([][]string{{"46349.5", "02139", "17", "7", "5"}}, lines(t, rows(t, m, XLSX, file)[0].Item)); diff != "" {
		t.Error(diff)
	}
}

// TestFormatsWithoutEnd are not shown: a short number would be a long text in every cell.
func TestFormatsWithoutEnd(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"user_data.zp":{"index":0}}}`)
	for _, format := range []string{strings.Repeat("0", maxFormat+1), `"` + strings.Repeat("x", maxFormat) + `"00`} {
		if got := lines(t, rows(t, m, XLSX, styled(t, `<row><c s="1"><v>7</v></c></row>`, format))[0].Item); got[0][0] != "7" {
			t.Errorf("%.20s: %.40s", format, got[0][0])
		}
	}
}

// TestSerialBirthdays of people of any age, in files of old Macs too.
func TestSerialBirthdays(t *testing.T) {
	for days, want := range map[string]string{"10000": "1927-05-18", "9999": "", "46349": "2026-11-23"} {
		day, ok := serialDay([]byte(days), false)
		if got := day.Format(time.DateOnly); !ok || want != "" && got != want {
			t.Errorf("%s: %s", days, got)
		}
	}
	if day, _ := serialDay([]byte("31593"), true); day.Format(time.DateOnly) != "1990-07-01" {
		t.Error(day)
	}
}
