package mapfile

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbersOf are the rows of a file: their numbers, and what was refused.
func numbersOf(t testing.TB, m *Mapping, k Kind, file []byte) []string {
	t.Helper()
	var got []string
	for _, r := range rows(t, m, k, file) {
		if r.Err != nil {
			got = append(got, r.Err.Error())
			continue
		}
		got = append(got, strconv.Itoa(r.Number))
	}
	return got
}

// TestRowsBeyondTheHeaderAreRefused: by number, for a separator within a text moves all cells behind it.
func TestRowsBeyondTheHeaderAreRefused(t *testing.T) {
	const beyond = ": is beyond the last column: a text that holds the separator needs quotes, a decimal comma another separator"
	named := `{"format":{"separator":","},"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"name":"b"}}}`
	for _, c := range []struct {
		name, mapping, file string
		want                []string
	}{
		{"a decimal comma", named, "a,b\n1,2\n1,5,90\n3,4\n", []string{"2", "row 3, column C" + beyond, "4"}},
		{"empty cells at the end", named, "a,b\n1,2,,\n3,4, ,\n", []string{"2", "3"}},
		{"a text behind empty cells", named, "a,b\n1,2,,,x\n", []string{"row 2, column E" + beyond}},
		{"separators behind the header", named, "a,b,,\n1,5,90\n", []string{"row 2, column C" + beyond}},
		{"a column without a name between others", named, ",a,,b\n0,1,2,3\n", []string{"2"}},
		{"fewer cells", named, "a,b,c\n1\n", []string{"2"}},
		{
			"the mapping names a column that the header does not", `{"format":{"separator":",","header_rows":1},"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"index":2}}}`,
			"a,b\n1,2,x\n1,2,x,y\n",
			[]string{"2", "row 3, column D" + beyond},
		},
		{
			"two rows of header, the upper one wider", `{"format":{"separator":",","header_rows":2},"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"index":0}}}`,
			"a,b,c\n1\nx,y,z\nx,y,z,q\n",
			[]string{"3", "row 4, column D" + beyond},
		},
		{
			"no header: the first row is the measure", `{"format":{"separator":","},"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"index":0}}}`,
			"1,2,\n1,2,3\n1,2,3,4\n",
			[]string{"1", "2", "row 3, column D" + beyond},
		},
		{
			"Meta's shape: what stands above the first time", `{"EVENT_NAME":0,"EVENT_TIME":1}`,
			"name,time,,\nLead,1795426200,x,y,z\nLead,1795426200,x,y\n",
			[]string{"row 2, column E" + beyond, "3"},
		},
		{"Meta's shape: a title is no header", `{"EVENT_NAME":0,"EVENT_TIME":1}`, "Sales\nLead,1795426200,x,y\nLead,1795426200,x,y,z\n", []string{"2", "row 3, column E" + beyond}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, numbersOf(t, mustParse(t, c.mapping), CSV, []byte(c.file))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCellsBeyondASpreadsheetsHeader are refused where it has one.
func TestCellsBeyondASpreadsheetsHeader(t *testing.T) {
	file := packed(t, parts(map[string]string{"xl/worksheets/sheet1.xml": sheet(`<row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>`)}))
	named := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"name":"a"}}}`)
	if diff := cmp.Diff([]string{"2", "row 3, column B: is beyond the last column that has a header"}, numbersOf(t, named, XLSX, file)); diff != "" {
		t.Error(diff)
	}
	without := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"custom_data.note":{"index":0}}}`)
	if diff := cmp.Diff([]string{"1", "2", "3"}, numbersOf(t, without, XLSX, file)); diff != "" {
		t.Error(diff)
	}
}

// TestAWideLineSpoilsItsReceipt: without the line the receipt would be another sale.
func TestAWideLineSpoilsItsReceipt(t *testing.T) {
	const at = ",1795426200,"
	got := grouped(t, receipts(t, `[{"index":0}]`), "r1"+at+"a,1\nr1"+at+"b,5,90\nr1"+at+"c,1\nr2"+at+"d,1\nr3"+at+"e,1,2\nr3"+at+"f,1\n")
	want := []string{
		"2-3: row 2, column E: is beyond the last column: a text that holds the separator needs quotes, a decimal comma another separator", "4-4: d",
		"5-5: row 5, column E: is beyond the last column: a text that holds the separator needs quotes, a decimal comma another separator",
		"6-6: row 6: belongs to a receipt whose first line was refused",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestHeadersThatComeAgain are no rows: files that were put together have them.
func TestHeadersThatComeAgain(t *testing.T) {
	m := mustParse(t, `{"format":{"separator":","},"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"name":"E-Mail"}}}`)
	got := numbersOf(t, m, CSV, []byte("Id,E-Mail,Ort \n1,a@x.example,\nID,e-mail, Ort\nId,E-Mail,x\nId,,\n"))
	if diff := cmp.Diff([]string{"2", "4", "5"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestColumnsAreCalledAsTheFileCallsThem, not folded.
func TestColumnsAreCalledAsTheFileCallsThem(t *testing.T) {
	m := mustParse(t, `{"format":{"separator":","},"defaults":{"event_name":"Lead"},"columns":{"event_time":{"name":"sold at"},"user_data.em":{"index":0}}}`)
	want := []string{"row 2, column B (Sold At), event_time: is no time that can be read"}
	if diff := cmp.Diff(want, numbersOf(t, m, CSV, []byte("E-Mail,Sold At\na@x.example,never\n"))); diff != "" {
		t.Error(diff)
	}
}
