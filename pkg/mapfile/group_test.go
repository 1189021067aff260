package mapfile

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// grouped are the rows of a CSV of receipt, time, article: "first-last: articles", or what was refused.
func grouped(t testing.TB, m *Mapping, file string) []string {
	t.Helper()
	var got []string
	for _, r := range rows(t, m, CSV, []byte(file)) {
		texts := []string{strconv.Itoa(r.Number) + "-" + strconv.Itoa(r.Last) + ":"}
		if r.Err != nil {
			texts = append(texts, r.Err.Error())
		} else {
			for _, c := range mapped(t, m, r.Item).Custom.Contents {
				texts = append(texts, string(c.ID))
			}
		}
		got = append(got, strings.Join(texts, " "))
	}
	return got
}

func receipts(t testing.TB, by string) *Mapping {
	t.Helper()
	return mustParse(t, `{"format":{"header_rows":0,"separator":","},"defaults":{"event_name":"Purchase"},"group_by":`+by+`,"columns":{
		"event_time":{"index":1},"custom_data.order_id":{"index":0},"custom_data.contents[].id":{"index":2},"custom_data.value":{"index":3}}}`)
}

func TestReceiptsAreJoined(t *testing.T) {
	const at = ",1795426200,"
	const back = "column A: comes back to a receipt that ended above: sort the file by receipt"
	for _, c := range []struct {
		name, by, file string
		want           []string
	}{
		{"adjacent lines", `[{"index":0}]`, "r1" + at + "a\nr1" + at + "b\nr2" + at + "c\n", []string{"1-2: a b", "3-3: c"}},
		{"by two columns", `[{"index":0},{"column":"D"}]`, "r1" + at + "a,1\nr1" + at + "b,2\nr1" + at + "c,2\n", []string{"1-1: a", "2-3: b c"}},
		{"no two columns become the same together", `[{"index":0},{"index":2}]`, "r1" + at + "1\nr" + at + "11\n", []string{"1-1: 1", "2-2: 11"}},
		{"without a receipt each line stands alone", `[{"index":0}]`, at + "a\n" + at + "b\nr1" + at + "c\n", []string{"1-1: a", "2-2: b", "3-3: c"}},
		{"one column of two is enough", `[{"index":0},{"index":3}]`, at + "a,1\n" + at + "b,1\n", []string{"1-2: a b"}},
		{"a line without an article", `[{"index":0}]`, "r1" + at + "a\nr1" + at + "\nr1" + at + "b\n", []string{"1-3: a b"}},
		{"a line without a time, not the first", `[{"index":0}]`, "r1" + at + "a\nr1,,b\n", []string{"1-2: a b"}},
		{"blank lines are within", `[{"index":0}]`, "r1" + at + "a\n\nr1" + at + "b\n", []string{"1-3: a b"}},
		{"comes back", `[{"index":0}]`, "r1" + at + "a\nr2" + at + "b\nr1" + at + "c\nr1" + at + "d\nr3" + at + "e\n", []string{
			"1-1: a", "2-2: b", "3-3: row 3, " + back, "4-4: row 4: belongs to a receipt whose first line was refused", "5-5: e",
		}},
		{"the first line is refused, and with it the others", `[{"index":0}]`, "r1,never,a\nr1" + at + "b\nr2" + at + "c\n", []string{
			"1-1: row 1, column B, event_time: is no time that can be read", "2-2: row 2: belongs to a receipt whose first line was refused", "3-3: c",
		}},
		{"a line that can't be read parts a receipt", `[{"index":0}]`, "r1" + at + "a\n\"r1\"x" + at + "b\nr1" + at + "c\n", []string{
			"1-1: a", "2-2: row 2, column A: has text behind its closing quote", "3-3: row 3, " + back,
		}},
		{"case counts", `[{"index":0}]`, "r1" + at + "a\nR1" + at + "b\n", []string{"1-1: a", "2-2: b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, grouped(t, receipts(t, c.by), c.file)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOrdersAreOneEventEach: rows that would be one event though they differ are refused, unless something tells them apart.
func TestOrdersAreOneEventEach(t *testing.T) {
	const lost = "is that of an earlier row that says something else: group_by joins the rows of an order, item_number tells them apart"
	for name, c := range map[string]struct {
		columns, by, file string
		want              []string // keys, or what was refused
	}{
		"lines not joined":          {``, `[]`, "1,Purchase,1795426205\n1,Purchase,1795426207\n2,Purchase,1795426205\n", []string{"1|Purchase", "row 2, column A, custom_data.order_id: " + lost, "2|Purchase"}},
		"the same again":            {``, `[]`, "1,Purchase,1795426205\n1,Purchase,1795426205\n", []string{"1|Purchase", "1|Purchase"}},
		"another name":              {``, `[]`, "1,Purchase,1795426205\n1,Lead,1795426207\n", []string{"1|Purchase", "1|Lead"}},
		"no order":                  {``, `[]`, ",Lead,1795426205\n,Lead,1795426207\n", []string{"", ""}},
		"lines by number":           {`"custom_data.item_number":{"index":3},`, `[]`, "1,Purchase,1795426205,1\n1,Purchase,1795426207,2\n", []string{"1|Purchase|item_number|1", "1|Purchase|item_number|2"}},
		"stores":                    {`"custom_data.store":{"index":3},`, `[]`, "1,Purchase,1795426205,berlin\n1,Purchase,1795426207,hamburg\n", []string{"1|Purchase|store|berlin", "1|Purchase|store|hamburg"}},
		"joined by store and order": {``, `[{"index":3},{"index":0}]`, "1,Purchase,1795426205,berlin\n1,Purchase,1795426207,hamburg\n", []string{"1|Purchase|berlin", "1|Purchase|hamburg"}},
		"joined by order":           {``, `[{"index":0}]`, "1,Purchase,1795426205\n1,Purchase,1795426207\n", []string{"1|Purchase"}},
		"ids of their own":          {`"event_id":{"index":3},`, `[]`, "1,Purchase,1795426205,a\n1,Purchase,1795426207,b\n", []string{"1|Purchase", "1|Purchase"}},
	} {
		t.Run(name, func(t *testing.T) {
			by := ""
			if c.by != "[]" {
				by = `"group_by":` + c.by + `,`
			}
			m := mustParse(t, `{"format":{"header_rows":0,"separator":","},`+by+`"columns":{`+c.columns+`
				"custom_data.order_id":{"index":0},"event_name":{"index":1},"event_time":{"index":2}}}`)
			var got []string
			for _, r := range rows(t, m, CSV, []byte(c.file)) {
				if r.Err != nil {
					got = append(got, r.Err.Error())
					continue
				}
				id, err := m.Identify(r.Item)
				if err != nil {
					t.Fatal(err)
				}
				key := strings.ReplaceAll(id.NaturalKey, "\x00", "|")
				if strings.HasPrefix(key, "row|") {
					key = ""
				}
				got = append(got, key)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOrdersForgetTogether: a repeat of a row is no other row, however many repeats of others lie between.
func TestOrdersForgetTogether(t *testing.T) {
	m := mustParse(t, `{"format":{"header_rows":0,"separator":","},"defaults":{"event_name":"Purchase"},"columns":{"custom_data.order_id":{"index":0},"event_time":{"index":1}}}`)
	const one, two = "1,1795426200\n", "2,1795426200\n"
	for _, r := range rows(t, m, CSV, []byte(one+strings.Repeat(two, remembered+1)+one)) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
}

// TestReceiptsTakeTheFirstLinesValues, and the next line's where the first has none.
func TestReceiptsTakeTheFirstLinesValues(t *testing.T) {
	m := receipts(t, `[{"index":0}]`)
	item := rows(t, m, CSV, []byte("r1,1795426200,a,\nr1,1795426300,b,5\nr1,1795426400,c,6\n"))[0].Item
	if e := mapped(t, m, item); e.Time != 1795426200 || string(e.Custom.Value) != "5" {
		t.Errorf("time %d, value %s", e.Time, e.Custom.Value)
	}
}

// TestReceiptsAreBounded: in lines and in bytes; what is too much is refused whole, and told once.
func TestReceiptsAreBounded(t *testing.T) {
	m := receipts(t, `[{"index":0}]`)
	const what = " begins a receipt of more than 1000 lines or 1 MiB"
	line := "r1,1795426200,a\n"
	if got := grouped(t, m, strings.Repeat(line, maxLines)); len(got) != 1 || !strings.HasPrefix(got[0], "1-1000: a a") {
		t.Errorf("1000 lines: %.60q", got)
	}
	want := []string{"1-1001: row 1:" + what, "1002-1002: b"}
	if diff := cmp.Diff(want, grouped(t, m, strings.Repeat(line, maxLines+1)+"r2,1795426200,b\n")); diff != "" {
		t.Error(diff)
	}
	long := "r1,1795426200," + strings.Repeat("a", maxItem/4) + "\n"
	want = []string{"1-5: row 1:" + what, "6-6: b"}
	if diff := cmp.Diff(want, grouped(t, m, strings.Repeat(long, 5)+"r2,1795426200,b\n")); diff != "" {
		t.Error(diff)
	}
}

// TestRecentIsBounded: what is added later than 65 536 others ago is forgotten, one time of many after the other.
func TestRecentIsBounded(t *testing.T) {
	var r recent
	text := func(i int) []byte { return fmt.Appendf(nil, "r%d", i) }
	if r.count(text(1)) != 0 {
		t.Error("knows what it never saw")
	}
	r.add(text(0))
	r.add(text(0))
	if r.count(text(0)) != 2 {
		t.Errorf("two times are %d", r.count(text(0)))
	}
	for i := 1; i < remembered; i++ {
		r.add(text(i))
	}
	if r.count(text(0)) != 1 || r.count(text(1)) != 1 {
		t.Errorf("one time later there are %d and %d", r.count(text(0)), r.count(text(1)))
	}
	for i := remembered; i < 3*remembered; i++ {
		r.add(text(i))
	}
	if len(r.times) != remembered || len(r.ring) != remembered {
		t.Errorf("%d and %d are remembered, want %d", len(r.times), len(r.ring), remembered)
	}
	if r.count(text(2*remembered)) != 1 || r.count(text(2*remembered-1)) != 0 || r.count(text(0)) != 0 {
		t.Error("does not remember the last ones alone")
	}
}

// TestStop: after yield returns false nothing more is yielded, the open receipt neither.
func TestStop(t *testing.T) {
	m := receipts(t, `[{"index":0}]`)
	for _, file := range []string{
		"r1,1795426200,a\nr2,1795426200,b\nr3,1795426200,c\n", "r1,never,a\nr2,never,b\n", "r1,1795426200,a\nr2,never,b\n", ",1795426200,a\n,1795426200,b\n", "r1,1795426200,a\n,1795426200,b\n",
	} {
		n := 0
		if err := m.Split(bytes.NewReader([]byte(file)), CSV, func(Row) bool { n++; return false }); err != nil || n != 1 {
			t.Errorf("%q: %d rows, %v", file, n, err)
		}
	}
}
