package mapfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// words are what exports write where they have nothing.
var words = []string{"NULL", "null", "N/A", "#N/A", `\N`, "-", "NaN", "None", "undefined", "(null)", "{{order.id}}"}

// TestWordsForNothingAreEmptyCells: nothing is set, nothing is counted, and the default counts.
func TestWordsForNothingAreEmptyCells(t *testing.T) {
	m := mustParse(t, `{"format":{"header_rows":0,"separator":";"},"defaults":{"event_name":"Lead","custom_data.currency":"EUR","custom_data.value":5,"custom_data.note":"n","opt_out":false},
		"columns":{"event_name":{"index":0},"event_time":{"index":1},"event_id":{"index":2},"user_data.em":{"index":3},"user_data.external_id":{"index":4},"custom_data.currency":{"index":5},
			"custom_data.value":{"index":6},"custom_data.note":{"index":7},"custom_data.order_id":{"index":8},"opt_out":{"index":9},"custom_data.contents[].id":{"index":10},
			"custom_data.contents[].quantity":{"index":11},"custom_data.content_ids":{"index":12},"event_source_url":{"index":13}}}`)
	want := show(t, m, rows(t, m, CSV, []byte(";1795426200;;;;;;;;;;;;;x\n"))[0])
	if want.Value != "5" || want.Currency != "EUR" || want.OptOut != "false" || want.Custom["note"] != `"n"` {
		t.Fatalf("%+v", want)
	}
	for _, word := range words {
		line := word + ";1795426200" + strings.Repeat(";"+word, 7) + ";" + strings.Repeat(";"+word, 4) + ";x\n"
		got := show(t, m, rows(t, m, CSV, []byte(line))[0])
		want.Ident, got.Ident = nil, nil // the cells
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", word, diff)
		}
	}
	for _, c := range []struct{ target, text, want string }{
		{"user_data.external_id", "0", ""},
		{"user_data.external_id", "guest", ""},
		{"user_data.external_id", "01", "external_id=01"},
		{"user_data.fbp", "0", ""},
		{"user_data.lead_id", "0", ""},
		{"user_data.ln", "Null", "ln=Null"},
		{"user_data.ln", "N/A", ""},
		{"user_data.fn", "Null", ""},
		{"user_data.ct", "Nil", ""},
		{"user_data.fn", "Nila", "fn=Nila"},
	} {
		m := mustParse(t, `{"format":{"header_rows":0,"separator":";"},"defaults":{"event_name":"Lead"},"columns":{"`+c.target+`":{"index":0}}}`)
		if got := strings.Join(show(t, m, rows(t, m, CSV, []byte(c.text+"\n"))[0]).User, " "); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.target, c.text, got, c.want)
		}
	}
}

// TestWordsForNothingInJSON are no values of any target either.
func TestWordsForNothingInJSON(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead","custom_data.currency":"EUR"},"columns":{"event_id":{"path":"$.id"},"user_data.em":{"path":"$.mails[*]"},
		"user_data.external_id":{"path":"$.user"},"custom_data.currency":{"path":"$.cur"},"custom_data.order_id":{"path":"$.order"},"custom_data.value":{"path":"$.sum"}}}`)
	got := show(t, m, Row{Item: []byte(`{"id":"undefined","mails":["null","a@x.example","N/A"],"user":0,"cur":"None","order":"0","sum":"NaN"}`)})
	want := shown{Ident: got.Ident, Name: "Lead", User: []string{"em=a@x.example"}, Currency: "EUR"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Ident.EventID != "" || got.Ident.NaturalKey != "" || got.Ident.Person != "a@x.example" {
		t.Errorf("%+v", got.Ident)
	}
}

// TestStrangersAreNotJoined: rows whose receipt is unknown stand alone, whatever else group_by names.
func TestStrangersAreNotJoined(t *testing.T) {
	const at = ",1795426200,"
	for _, word := range append([]string{"0", "guest"}, words...) {
		for name, c := range map[string]struct{ by, file string }{
			"alone":               {`[{"index":0}]`, word + at + "a\n" + word + at + "b\n"},
			"with a time":         {`[{"index":1},{"index":0}]`, word + at + "a\n" + word + at + "b\n"},
			"an empty one beside": {`[{"index":0},{"index":4}]`, word + at + "a\n" + at + "b,,\n"},
		} {
			if diff := cmp.Diff([]string{"1-1: a", "2-2: b"}, grouped(t, receipts(t, c.by), c.file)); diff != "" {
				t.Errorf("%s, %s: %s", word, name, diff)
			}
		}
	}
	stores := mustParse(t, `{"format":{"header_rows":0,"separator":","},"defaults":{"event_name":"Purchase"},"group_by":[{"index":3},{"index":0}],"columns":{
		"event_time":{"index":1},"custom_data.order_id":{"index":0},"custom_data.contents[].id":{"index":2},"custom_data.store":{"index":3}}}`)
	if diff := cmp.Diff([]string{"1-1: a", "2-2: b", "3-4: c d"}, grouped(t, stores, "undefined"+at+"a,7\nundefined"+at+"b,7\nr1"+at+"c,7\nr1"+at+"d,7\n")); diff != "" {
		t.Error(diff)
	}
	days := mustParse(t, `{"format":{"header_rows":0,"separator":","},"defaults":{"event_name":"Purchase"},"group_by":[{"index":1}],"columns":{
		"event_time":{"index":1},"custom_data.contents[].id":{"index":2}}}`)
	if diff := cmp.Diff([]string{"1-2: a b"}, grouped(t, days, at+"a\n"+at+"b\n")); diff != "" {
		t.Error(diff)
	}
}

// TestOrdersOfNoNumberAreMany: two of them are no repeat of one.
func TestOrdersOfNoNumberAreMany(t *testing.T) {
	m := mustParse(t, `{"format":{"header_rows":0,"separator":","},"defaults":{"event_name":"Purchase"},"columns":{"custom_data.order_id":{"index":0},"event_time":{"index":1},"event_id":{"index":2}}}`)
	for _, word := range append([]string{"0"}, words...) {
		all := rows(t, m, CSV, []byte(word+",1795426200,"+word+"\n"+word+",1795426201\n"))
		keys := map[string]bool{}
		for _, r := range all {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			id, err := m.Identify(r.Item)
			if err != nil || id.EventID != "" {
				t.Fatalf("%+v %v", id, err)
			}
			keys[id.NaturalKey] = true
		}
		if len(keys) != 2 {
			t.Errorf("%s: %v", word, keys)
		}
	}
}

// TestWishesAreNeverNothing: of a person's wish only a database's null says none; what nobody understands is the strictest.
func TestWishesAreNeverNothing(t *testing.T) {
	m := mustParse(t, `{"format":{"separator":";"},"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"index":0},"opt_out":{"index":1}}}`)
	for word, want := range map[string]string{
		"": "", "NULL": "", "(null)": "", `\N`: "", "None": "false", "maybe": "true", "#N/A": "true", "N/A": "true", "undefined": "true", "-": "true", "#REF!": "true",
	} {
		if got := string(mapped(t, m, rows(t, m, CSV, []byte("a@x.example;"+word+"\n"))[0].Item).OptOut); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}
