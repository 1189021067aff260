package mapfile

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// cellsOf are the cells of rows' first lines, and errors in their places.
func cellsOf(t testing.TB, format, file string) []string {
	t.Helper()
	m := mustParse(t, `{"format":`+format+`,"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`)
	var got []string
	err := m.Split(strings.NewReader(file), CSV, func(r Row) bool {
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

// lines are the cells of an item.
func lines(t testing.TB, item []byte) [][]string {
	t.Helper()
	var one struct{ Lines [][]string }
	if err := json.Unmarshal(item, &one); err != nil {
		t.Fatalf("item is no JSON: %v", err)
	}
	return one.Lines
}

func TestCSV(t *testing.T) {
	for _, c := range []struct {
		name, format, file string
		want               []string
	}{
		{"plain", `{}`, "a,b\nc,d\n", []string{"1 a|b", "2 c|d"}},
		{"no end of line, CR LF, CR", `{}`, "a,b\r\nc,d\re,f", []string{"1 a|b", "2 c|d", "3 e|f"}},
		{"byte order mark", `{}`, "\ufeffa,b\n", []string{"1 a|b"}},
		{"blank rows keep their numbers", `{}`, "a,b\n\n,\n , \nc,d\n", []string{"1 a|b", "5 c|d"}},
		{"blank rows refused", `{"skip_blank_rows":false}`, "a\n\nb\n", []string{"1 a", "!row 2: is blank", "3 b"}},
		{"ragged", `{"separator":","}`, "b,c,d\na\n,e,,\n,f,,,,\n", []string{"1 b|c|d", "2 a", "3 |e", "4 |f"}},
		{"spaces", `{}`, " a , b c \n", []string{"1 a|b c"}},
		{"quotes", `{}`, `"a,b","say ""hi""",""` + "\n", []string{`1 a,b|say "hi"`}},
		{"a line within quotes is of the same row", `{}`, "\"a\nb\",c\nd,e\n", []string{"1 a\nb|c", "2 d|e"}},
		{"spaces behind quotes", `{}`, "\"a\" ,b\n", []string{"1 a|b"}},
		{"a quote inside a cell is itself", `{}`, "5\" disk,b\n", []string{`1 5" disk|b`}},
		{"text behind quotes", `{}`, "x,\"a\"b\nc,d\n", []string{"!row 1, column B: has text behind its closing quote", "2 c|d"}},
		{"other quotes", `{"quote":"'"}`, "'a,b',\"c\n", []string{`1 a,b|"c`}},
		{"no quotes", `{"quote":""}`, "\"a,b\n", []string{`1 "a|b`}},
		{"never closed", `{}`, "a,b\nc,\"d\ne,f\n", []string{"1 a|b", "!!row 2: has a quote that is never closed"}},
		{"NUL", `{}`, "a,b\nc\x00,d\n", []string{"1 a|b", "!!row 2: is no text: the file is no CSV"}},
		{"UTF-16", `{}`, "\xff\xfea\x00", []string{"!!is UTF-16: save it as CSV UTF-8"}},
		{"a spreadsheet", `{}`, "PK\x03\x04...", []string{"!!is an XLSX file, not CSV"}},
		{"no UTF-8", `{}`, "a,J\xf6rg\nb,c\n", []string{
			"!row 1, column B: is not UTF-8; files of older Excels need format.encoding windows-1252", "2 b|c",
		}},
		{"windows-1252", `{"encoding":"windows-1252"}`, "a,J\xf6rg \x80\n", []string{"1 a|Jörg €"}},
		{"a mark says more than the mapping", `{"encoding":"windows-1252"}`, "\ufeffa,Jörg\n", []string{"1 a|Jörg"}},
		{"Excel's hint", `{}`, "sep=;\r\na,b;c\r\n", []string{"2 a,b|c"}},
		{"semicolons", `{}`, "a;1,5\nb;2,5\nc;3\n", []string{"1 a|1,5", "2 b|2,5", "3 c|3"}},
		{"tabs", `{}`, "a\tb,c\nd\te\n", []string{"1 a|b,c", "2 d|e"}},
		{"bars", `{}`, "a|b\nc|d\n", []string{"1 a|b", "2 c|d"}},
		{"separators in quotes do not count", `{}`, "\"a;b;c\",d\n\"e;f;g\",h\n", []string{"1 a;b;c|d", "2 e;f;g|h"}},
		{"separator said", `{"separator":"tab"}`, "a,b\tc\n", []string{"1 a,b|c"}},
		{"skipped rows and header", `{"skip_rows":1,"header_rows":1}`, "x\"\nid,at\na,b\n", []string{"3 a|b"}},
		{"ends in its header", `{"header_rows":2}`, "id,at\n", []string{"!!ends before its first row"}},
		{"empty", `{}`, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, cellsOf(t, c.format, c.file)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOpenQuoteDoesNotSwallowTheFile into memory.
func TestOpenQuoteDoesNotSwallowTheFile(t *testing.T) {
	r := &endless{}
	err := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`).Split(r, CSV, func(Row) bool { return true })
	if err == nil || !strings.Contains(err.Error(), "longer than 1 MiB") || r.read > 2<<20 {
		t.Errorf("after %d bytes: %v", r.read, err)
	}
}

// endless is a quote and then a letter for ever.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	if e.read == 0 {
		p[0] = '"'
	}
	e.read += len(p)
	return len(p), nil
}

// TestWhatIsWrittenIsRead: rows written with any separator and quotes split back to the same cells.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sep := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "separator")
		quote := rapid.SampledFrom([]string{`"`, "'"}).Draw(t, "quote")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
		cell := rapid.StringOfN(rapid.RuneFrom([]rune("ab,;|\t\n\r\"' éß€")), 0, 8, -1)
		table := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 6), 1, 6).Draw(t, "cells")
		var file strings.Builder
		var want [][]string
		for _, row := range table {
			kept := []string{"x"} // no row is blank
			for _, c := range row {
				kept = append(kept, strings.TrimSpace(c))
			}
			for i, c := range append([]string{"x"}, row...) {
				if i > 0 {
					file.WriteString(sep)
				}
				if rapid.Bool().Draw(t, "quoted") || strings.ContainsAny(c, sep+quote+"\r\n") {
					c = quote + strings.ReplaceAll(c, quote, quote+quote) + quote
				}
				file.WriteString(c)
			}
			file.WriteString(end)
			for kept[len(kept)-1] == "" {
				kept = kept[:len(kept)-1]
			}
			want = append(want, kept)
		}
		format, err := json.Marshal(map[string]string{"separator": sep, "quote": quote})
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse([]byte(`{"format":` + string(format) + `,"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0},"custom_data.last":{"index":6}}}`))
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		err = m.Split(bytes.NewReader([]byte(file.String())), CSV, func(r Row) bool {
			var one struct{ Lines [][]string }
			if r.Err != nil || json.Unmarshal(r.Item, &one) != nil {
				t.Fatalf("row %d: %v", r.Number, r.Err)
			}
			got = append(got, one.Lines[0])
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
