package mapfile

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// idents are the identities of a file's rows, by the text of their third cell.
func idents(t testing.TB, m *Mapping, k Kind, file []byte) map[string]Ident {
	t.Helper()
	all := make(map[string]Ident)
	for _, r := range rows(t, m, k, file) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		id, err := m.Identify(r.Item)
		if err != nil {
			t.Fatal(err)
		}
		label := lines(t, r.Item)[0][2]
		for all[label] != (Ident{}) {
			label += "'"
		}
		all[label] = id
	}
	return all
}

// TestRowsKeepTheirIdentity: the same row has the same one in every run, wherever it stands and whatever stands around
// it, and no two rows share one, not even those that are alike.
func TestRowsKeepTheirIdentity(t *testing.T) {
	const columns = `"columns":{"event_name":{"index":0},"event_time":{"index":1},"custom_data.note":{"index":2},"user_data.em":{"index":3},"custom_data.order_id":{"index":4},"custom_data.more":{"index":5}}`
	file := []string{
		"Lead,1795426200,a,a@x.example", "Lead,1795426200,b,b@x.example", "Purchase,1795426201,c,,o-1", "Lead,1795426201,c,,o-1",
		"Lead,1795426202,d", "Lead,1795426202,d", "Lead,1795426202,d", "Lead,1795426203,e,a@x.example,,more",
	}
	parse := func() *Mapping { return mustParse(t, `{"format":{"separator":","},`+columns+`}`) }
	first := idents(t, parse(), CSV, []byte(strings.Join(file, "\n")))
	keys := make(map[string]string)
	for row, id := range first {
		if other, taken := keys[id.NaturalKey]; taken || id.NaturalKey == "" {
			t.Errorf("%s and %s share %q", row, other, id.NaturalKey)
		}
		keys[id.NaturalKey] = row
	}
	if len(first) != len(file) || first["c"].NaturalKey != "o-1\x00Purchase" || first["c'"].NaturalKey != "o-1\x00Lead" {
		t.Errorf("%d rows, %q, %q", len(first), first["c"].NaturalKey, first["c'"].NaturalKey)
	}
	shuffle := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		other := slices.Clone(file)
		shuffle.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		got := idents(t, parse(), CSV, []byte("\n"+strings.Join(other, ",,,\r\n\r\n")))
		if got["c"].NaturalKey != first["c"].NaturalKey {
			got["c"], got["c'"] = got["c'"], got["c"] // the order decides which of the two has the prime
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatal(diff)
		}
	}
	named := mustParse(t, `{"columns":{"event_name":{"name":"n"},"event_time":{"name":"t"},"user_data.em":{"name":"e"}}}`)
	plain := idents(t, named, CSV, []byte("n,t,x,e\nLead,1795426200,a,a@x.example\n"))
	wider := idents(t, named, CSV, []byte("n,t,y,e,z\n\nLead,1795426200,a,a@x.example\n"))
	if diff := cmp.Diff(plain, wider); diff != "" {
		t.Errorf("a column that is not mapped makes another row: %s", diff)
	}
}

func TestIdentify(t *testing.T) {
	const table = `{"format":{"header_rows":0},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0},"event_time":{"index":1},
		"custom_data.order_id":{"index":2},"user_data.external_id":{"index":3},"user_data.em":{"index":4},"user_data.ph":{"index":5}}}`
	const anyJSON = `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"path":"$.id"},"custom_data.order_id":{"path":"$.order"},
		"user_data.em":{"path":"$.em[*]"},"user_data.external_id":{"path":"$.x"},"custom_data.note":{"path":"$.t"}}}`
	for _, c := range []struct {
		name, mapping, item string
		want                Ident
	}{
		{"all of it", table, `{"row":1,"lines":[["e-1","1795426200","o-1","u-1","a@x.example","+49301"]]}`, Ident{"e-1", "o-1\x00Lead", true, "u-1"}},
		{"e-mail before phone", table, `{"row":1,"lines":[["","1795426200","","","a@x.example","+49301"]]}`, Ident{"", "row\x00" + `[["","1795426200","","","a@x.example","+49301"]]` + "\x00", true, "a@x.example"}},
		{"phone", table, `{"row":1,"lines":[["","1795426200","o-1","","","+49301"]]}`, Ident{"", "o-1\x00Lead", true, "+49301"}},
		{"the second that is alike", table, `{"row":9,"lines":[["","1795426200"]],"again":1}`, Ident{"", "row\x00" + `[["","1795426200"]]` + "\x001", true, ""}},
		{"a number as order id", anyJSON, `{"order":9007199254740993,"em":["a@x.example","b@x.example"]}`, Ident{"", "9007199254740993\x00Lead", false, "a@x.example"}},
		{"JSON without an order", anyJSON, `{"id":7,"x":"U 1"}`, Ident{"7", "", false, "U 1"}},
	} {
		got, err := mustParse(t, c.mapping).Identify([]byte(c.item))
		if err != nil || got != c.want {
			t.Errorf("%s: %#v %v, want %#v", c.name, got, err, c.want)
		}
	}
	noTime := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"index":0}}}`)
	if id, err := noTime.Identify([]byte(`{"row":1,"lines":[["a@x.example"]]}`)); err != nil || id.NaturalKey != "" || id.HasTime {
		t.Errorf("a row without a time is each time another: %+v %v", id, err)
	}
	if _, err := noTime.Identify([]byte(`{"row":1}`)); err == nil {
		t.Error("what Map refuses has an identity")
	}
}
