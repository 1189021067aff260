package mapfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// headerRows reads rows by lines, cells by bars.
func headerRows(text string) [][]string {
	var all [][]string
	for line := range strings.SplitSeq(text, "\n") {
		all = append(all, strings.Split(line, "|"))
	}
	return all
}

func TestHeaderRowsJoin(t *testing.T) {
	for _, c := range []struct{ name, rows, want string }{
		{"one row", "Email| Sold  At |TOTAL", "email|sold at|total"},
		{"empty names", "Email||Total|", "email||total|"},
		{"a merged cell holds for those to its right", "user_data|||custom_data|\nem|ph|fn|value|currency", "user_data/em|user_data/ph|user_data/fn|custom_data/value|custom_data/currency"},
		{"a name above an empty cell", "event_name|user_data\n|em", "event_name|user_data/em"},
		{"three rows", "event|custom_data||||\n|value|contents||x|\n|||id|quantity|y|z", "event|custom_data/value|custom_data/contents|custom_data/contents/id|custom_data/x/quantity|custom_data/x/y|custom_data/x/z"},
		{"a new group above ends the one below", "a||b\nx||\n1|2|3", "a/x/1|a/x/2|b/3"},
		{"rows of different width", "a\nb|c|d", "a/b|a/c|a/d"},
		{"a longer row above", "a|b|c\n1", "a/1|b|c"},
		{"the last row is not merged", "a|\nb|", "a/b|a"},
		{"nothing", "", ""},
	} {
		if diff := cmp.Diff(c.want, strings.Join(joinHeader(headerRows(c.rows), foldName), "|")); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if got := joinHeader(nil, foldName); len(got) != 0 {
		t.Errorf("no rows have names %q", got)
	}
}

// TestMetaHeader: the three rows of Meta's sample name its columns as the mapping's paths do.
func TestMetaHeader(t *testing.T) {
	m := mustParse(t, `{"format":{"header_rows":3},"columns":{"event_name":{"name":"event_name"},"event_time":{"name":"Event_Time"},
		"user_data.em":{"name":"user_data/em"},"user_data.zp":{"name":"zip"},"custom_data.value":{"name":"custom_data/value"},
		"custom_data.contents[].id":{"name":"custom_data/contents/id"},"custom_data.contents[].quantity":{"name":"contents/quantity"}}}`)
	sample := samples(t, "file-store-meta-sample.csv")[0]
	var kept []Row
	if err := m.Split(strings.NewReader(string(sample)), CSV, func(r Row) bool {
		if r.Err == nil {
			kept = append(kept, r)
		}
		return true
	}); err != nil || len(kept) != 1 {
		t.Fatalf("%d rows: %v", len(kept), err)
	}
	byIndex, err := Load("testdata/file-store-mapping-index.json")
	if err != nil {
		t.Fatal(err)
	}
	want := show(t, byIndex, rows(t, byIndex, CSV, sample)[0])
	got := show(t, m, kept[0])
	if got.Name != want.Name || got.Time != want.Time || got.Value != want.Value || cmp.Diff(got.Contents, want.Contents) != "" {
		t.Errorf("by name %+v, by index %+v", got, want)
	}
}

func TestColumnsAreFoundByName(t *testing.T) {
	names := joinHeader(headerRows("Id|user||order||Total|  Gross   TOTAL\n|Id|Mail|id|Total||"), foldName)
	for name, want := range map[string]int{
		"id": 0, "user/id": 1, "USER/Id ": 1, "mail": 2, "order/id": 3, "gross total": 6, "order/total": 4,
		"total": 5, // the whole name goes before an end of another
		"order": -1, "ail": -1, "r/id": -1, "": -1, "price": -1,
	} {
		h := header{names: names}
		if got := h.find(foldName(name)); got != want {
			t.Errorf("%q is column %d of %q, want %d", name, got, names, want)
		}
	}
	for _, c := range []struct {
		names string
		want  int
	}{{"mail|x|mail", -2}, {"a/mail|b/mail", -2}, {"a/mail|mail|b/mail", 1}} {
		h := header{names: strings.Split(c.names, "|")}
		if got := h.find("mail"); got != c.want {
			t.Errorf("mail in %s is %d, want %d", c.names, got, c.want)
		}
	}
}

// TestHeaderThatDoesNotFit ends the file before its first row and names everything that is missing, once.
func TestHeaderThatDoesNotFit(t *testing.T) {
	m := mustParse(t, `{"columns":{"event_name":{"name":"Event"},"user_data.em":{"name":"Mail"},"user_data.ph":{"name":"Phone"}},"group_by":["Receipt","Mail"]}`)
	err := m.Split(strings.NewReader("Phone,Event,Phone\na,b,c\n"), CSV, func(r Row) bool {
		t.Errorf("a row: %s", r.Item)
		return true
	})
	want := `no column is named "Mail"; several columns are named "Phone"; no column is named "Receipt"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestHeaderTravelsWithTheItem: rows of one file map by their own header, whichever came before.
func TestHeaderTravelsWithTheItem(t *testing.T) {
	m := mustParse(t, `{"columns":{"event_name":{"name":"Event"},"user_data.em":{"name":"Mail"}}}`)
	first := rows(t, m, CSV, []byte("Event,Mail\nLead,a@x.example\n"))[0].Item
	second := rows(t, m, CSV, []byte("Mail,Note,Event\nb@x.example,n,Purchase\n"))[0].Item
	for range 2 {
		for want, item := range map[string][]byte{"Lead a@x.example": first, "Purchase b@x.example": second} {
			e := mapped(t, m, item)
			if got := string(e.Name) + " " + string(e.User.Values[0].Text); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
	index := mustParse(t, `{"columns":{"event_name":{"index":0}}}`)
	if item := rows(t, index, CSV, []byte("Lead\n"))[0].Item; strings.Contains(string(item), "columns") {
		t.Errorf("columns nobody asks for: %s", item)
	}
}
