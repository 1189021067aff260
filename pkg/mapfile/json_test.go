package mapfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

func TestItems(t *testing.T) {
	for _, c := range []struct {
		name, items, body string
		want              []string // what begins with ! is the error
	}{
		{"an object is one", "", ` {"a":1} `, []string{`{"a":1}`}},
		{"a list is many", "", `[{"a":1}, {"a":2} ,3]`, []string{`{"a":1}`, `{"a":2}`, `3`}},
		{"an empty list", "", `[]`, nil},
		{"a text", "", `"a"`, []string{"!is neither an object nor a list"}},
		{"null", "$.a", `null`, []string{"!is neither an object nor a list"}},
		{"by path", "$.orders[*]", `{"orders":[{"a":1},{"a":2}]}`, []string{`{"a":1}`, `{"a":2}`}},
		{"by a path without [*]", "orders", `{"orders":[{"a":1},{"a":2}]}`, []string{`{"a":1}`, `{"a":2}`}},
		{"one", "$.order", `{"order":{"a":1}}`, []string{`{"a":1}`}},
		{"one of several", "$.orders[1]", `{"orders":[{"a":1},{"a":2}]}`, []string{`{"a":2}`}},
		{"behind a list", "$.data[*].order", `{"data":[{"order":{"a":1}},{"other":1},{"order":{"a":2}}]}`, []string{`{"a":1}`, `{"a":2}`}},
		{"behind a list of the body", "$[*].order", `[{"order":{"a":1}},{"order":{"a":2}}]`, []string{`{"a":1}`, `{"a":2}`}},
		{"no orders", "$.orders[*]", `{"orders":[]}`, nil},
		{"nowhere", "$.orders[*]", `{"order":{}}`, []string{"!has no list where format.items leads"}},
		{"no list", "$.orders[*]", `{"orders":{"a":1}}`, []string{"!has no list where format.items leads"}},
		{"nothing", "$.order", `{"orders":[]}`, []string{"!has nothing where format.items leads"}},
		{"more than a receipt has lines", "$.orders[*]", `{"orders":[1` + strings.Repeat(",1", 1500) + `]}`, strings.Split("1"+strings.Repeat(" 1", 1500), " ")},
	} {
		t.Run(c.name, func(t *testing.T) {
			format := `{"type":"json"}`
			if c.items != "" {
				format = `{"items":"` + c.items + `"}`
			}
			m := mustParse(t, `{"format":`+format+`,"defaults":{"event_name":"Lead"},"columns":{"event_id":{"path":"$.a"}}}`)
			var got []string
			if err := m.Items([]byte(c.body), func(item []byte) bool {
				got = append(got, string(item))
				return true
			}); err != nil {
				var cell *CellError
				if !errors.As(err, &cell) {
					t.Errorf("%T", err)
				}
				got = append(got, "!"+err.Error())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			n := 0
			if err := m.Items([]byte(c.body), func([]byte) bool { n++; return n < 2 }); err == nil && n != min(len(c.want), 2) {
				t.Errorf("%d items after it was told to stop at 2", n)
			}
		})
	}
	table := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0}}}`)
	if err := table.Items([]byte(`{}`), func([]byte) bool { return true }); err == nil || table.JSON() {
		t.Error("a mapping of tables takes JSON")
	}
	if err := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"path":"a"}}}`).Split(strings.NewReader("a"), CSV, nil); err == nil {
		t.Error("a mapping of JSON takes tables")
	}
}

func TestPaths(t *testing.T) {
	const item = `{"a":{"b":[10,{"c":"deep"},[1,2]],"x.y":5,"[0]":6,"é":7},"l":[{"k":1},{"n":2},{"k":3},4],"n":null,"":8}`
	for path, want := range map[string]string{ // values, each with its index; or what is wrong
		"$.a.b[0]": "10@0", "a.b[1].c": `"deep"@0`, "$.a.b[2][1]": "2@0", "$.a.b[3]": "", "$.a.c": "", "$.l[*].k": "1@0 3@2", "l[*]": `{"k":1}@0 {"n":2}@1 {"k":3}@2 4@3`,
		`$.a["x.y"]`: "5@0", `$.a['x.y']`: "5@0", `$["a"]["[0]"]`: "6@0", "$.a.é": "7@0", "$.n": "null@0", "$.n.m": "", "$.l.k": "", "$.l[3].k": "", "$.n[*]": "", "$.none[*]": "",
		"$.a.b[1][*].c": `"deep"@0`, `$.a["x.y"][*]`: "5@0", // one instead of a list of one

		"$": "is empty", "": "is empty", "$.": "is empty", "$.a.": "ends in a dot", "$..a": "has an empty key", "$.a[": "has a [ without ]", "$.a[*].b[*]": "may have one [*]",
		"$.a[-1]": `takes [0], [*] and ["key"] only`, "$.a[x]": `takes [0], [*] and ["key"] only`, "$.a[]": `takes [0], [*] and ["key"] only`,
		`$.a["x`: `has a [" without "], or an empty key`, `$.a[""]`: `has a [" without "], or an empty key`, `$.a["x']`: `has a [" without "], or an empty key`,
	} {
		steps, wrong := parsePath(path)
		if wrong != "" {
			if wrong != want {
				t.Errorf("%s: %s, want %s", path, wrong, want)
			}
			continue
		}
		var got []string
		walk([]byte(item), steps, 0, func(v []byte, i int) bool {
			got = append(got, string(jsonscan.Trim(v))+"@"+string(rune('0'+i)))
			return true
		})
		if list := strings.Join(got, " "); list != want {
			t.Errorf("%s: %s, want %s", path, list, want)
		}
	}
}

// TestJSONValues: what a path leads to is taken by the target's type, and dropped by name where it is none.
func TestJSONValues(t *testing.T) {
	for _, c := range []struct{ name, target, path, item, want, dropped string }{
		{"a text", "user_data.em", "$.v", `{"v":" a@x.example "}`, `em=a@x.example`, ""},
		{"a list without [*]", "user_data.em", "$.v", `{"v":["a","b"]}`, `em=a em=b`, ""},
		{"a list with it", "user_data.em", "$.v[*]", `{"v":["a",null,"","b"]}`, `em=a em=b`, ""},
		{"behind a list", "user_data.em", "$.v[*].e", `{"v":[{"e":"a"},{},{"e":"b"}]}`, `em=a em=b`, ""},
		{"a long number keeps its digits", "user_data.lead_id", "$.v", `{"v":99007199254740993}`, `lead_id=99007199254740993`, ""},
		{"an object is no id", "user_data.em", "$.v", `{"v":{"a":1}}`, "", "user_data.em: is no single value"},
		{"escapes", "custom_data.note", "$.v", `{"v":"a\u0022\nb"}`, `note="a\"\nb"`, ""},
		{"escapes in keys", "custom_data.note", "$.v", `{"\u0076":"a"}`, `note="a"`, ""},
		{"JSON of one's own", "custom_data.note", "$.v", `{"v":{ "a" : [ 1.50 ] }}`, `note={"a":[1.50]}`, ""},
		{"a number of one's own", "custom_data.note", "$.v", `{"v":1.50}`, `note=1.50`, ""},
		{"an order id is text", "custom_data.order_id", "$.v", `{"v":1234567890123456789}`, `order_id="1234567890123456789"`, ""},
		{"a value", "custom_data.value", "$.v", `{"v":12345678.90}`, `value=12345678.90`, ""},
		{"a value with an exponent", "custom_data.value", "$.v", `{"v":1.5e2}`, `value=150`, ""},
		{"a value as text", "custom_data.value", "$.v", `{"v":"59.90"}`, `value=59.90`, ""},
		{"a value that is none", "custom_data.value", "$.v", `{"v":true}`, "", "custom_data.value: is no number"},
		{"the first of several", "custom_data.value", "$.v[*]", `{"v":[null,"x",5,6]}`, `value=5`, "custom_data.value: is no number"},
		{"a list is no value", "custom_data.value", "$.v", `{"v":[1,2]}`, ``, "custom_data.value: is no single value"},
		{"ids of contents", "custom_data.contents[].id", "$.v[*].s", `{"v":[{"s":"a"},{"s":2}]}`, `contents=a,2`, ""},
		{"ids of contents in a list of their own", "custom_data.contents[].id", "$.v", `{"v":["a","b"]}`, `contents=a,b`, ""},
		{"a content has one id, the first", "custom_data.contents[].id", "$.v[*].s", `{"v":[{"s":["a","b"]},{"s":"c"}]}`, `contents=a,c`, ""},
		{"a list of ids", "custom_data.content_ids", "$.v[*].s", `{"v":[{"s":"a"},{"s":2}]}`, `content_ids=["a","2"]`, ""},
		{"truth", "opt_out", "$.v", `{"v":true}`, `opt_out=true`, ""},
		{"options", "data_processing_options", "$.v", `{"v":[ "LDU" ]}`, `options=["LDU"]`, ""},
		{"a place in a list", "user_data.ph", "$.v[1]", `{"v":["no","+49 30 1"]}`, `ph=+49 30 1`, ""},
		{"too many", "user_data.em", "$.v[*]", `{"v":["a"` + strings.Repeat(`,null`, maxLines) + `]}`, `em=a`, "user_data.em: has more than 1000 values: the others are left out"},
		{"nothing", "user_data.em", "$.w", `{"v":1}`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"`+c.target+`":{"path":"`+c.path+`"}}}`)
			var e capi.Event
			dropped, err := m.Map([]byte(c.item), berlin, &e)
			if err != nil {
				t.Fatal(err)
			}
			var got, lost []string
			for _, v := range e.User.Values {
				got = append(got, v.Key.String()+"="+string(v.Text))
			}
			for _, mem := range e.Custom.Members {
				got = append(got, string(mem.Key)+"="+string(mem.Value))
			}
			for name, v := range map[string][]byte{"value": e.Custom.Value, "opt_out": e.OptOut, "options": e.Options} {
				if v != nil {
					got = append(got, name+"="+string(v))
				}
			}
			var ids []string
			for _, one := range e.Custom.Contents {
				ids = append(ids, string(one.ID))
			}
			if ids != nil {
				got = append(got, "contents="+strings.Join(ids, ","))
			}
			for i := range dropped {
				lost = append(lost, dropped[i].Error())
			}
			if strings.Join(got, " ") != c.want || strings.Join(lost, "\n") != c.dropped {
				t.Errorf("got %q, dropped %q; want %q, %q", got, lost, c.want, c.dropped)
			}
		})
	}
}

// TestJSONThatIsNoEvent is an error of the whole item.
func TestJSONThatIsNoEvent(t *testing.T) {
	m := mustParse(t, `{"columns":{"event_name":{"path":"$.n"},"event_time":{"path":"$.t"}}}`)
	for item, want := range map[string]string{
		`{"n":"Lead","t":1795426200}`:    "",
		`{"n":"Lead"}`:                   "missing_field: event_time",
		`{"n":"Lead","t":"yesterday"}`:   "invalid_field: event_time",
		`{"n":"Lead","t":{"$date":"x"}}`: "invalid_field: event_time",
		`{"n":" ","t":1795426200}`:       "missing_field: event_name",
		`[]`:                             "missing_field: event_name",
		`"x"`:                            "undecodable: item",
		`null`:                           "undecodable: item",
	} {
		var e capi.Event
		got := ""
		if _, err := m.Map([]byte(item), berlin, &e); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

func TestProblemsOfJSONMappings(t *testing.T) {
	for mapping, want := range map[string]string{
		`"format":{"items":"$.a["},"columns":{"event_id":{"path":"a"}}`:                 "format.items",
		`"format":{"items":"$.a"},"columns":{"event_id":{"index":1}}`:                   "format.items",
		`"format":{"type":"csv"},"columns":{"event_id":{"path":"a"}}`:                   "format.type",
		`"format":{"type":"json"},"columns":{"event_id":{"index":1}}`:                   "format.type",
		`"format":{"type":"json"},"columns":{"event_id":{"path":"a"}},"group_by":["R"]`: "group_by",
	} {
		got := paths(t, `{"defaults":{"event_name":"Lead"},`+mapping+`}`)
		if len(got) == 0 || got[0] != want {
			t.Errorf("%s: %q, want %s", mapping, got, want)
		}
	}
}

// TestJSONWithinTexts is read wherever a list or an object is expected: as a path's step, as items, as values.
func TestJSONWithinTexts(t *testing.T) {
	m := mustParse(t, `{"format":{"items":"$.orders[*]"},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"path":"$.id"},"user_data.em":{"path":"$.mails"},
		"user_data.ph":{"path":"$.customer.phones[*]"},"custom_data.contents[].id":{"path":"$.lines[*].sku"},"custom_data.content_ids":{"path":"$.skus"},
		"custom_data.note":{"path":"$.note"}}}`)
	body := `{"orders":"[{\"id\":\"1\",\"mails\":\"[\\\"a@x.example\\\",\\\"b@x.example\\\"]\",\"customer\":\"{\\\"phones\\\":[\\\"1\\\"]}\",\"lines\":\"[{\\\"sku\\\":\\\"s\\\"}]\",\"skus\":\" [1, 2.0]\",\"note\":\"[1]\"}]"}`
	var got []shown
	if err := m.Items([]byte(body), func(item []byte) bool {
		got = append(got, show(t, m, Row{Item: item}))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	want := []shown{{
		Ident: &Ident{EventID: "1", Person: "a@x.example", NaturalKey: got[0].Ident.NaturalKey}, Name: "Lead", ID: "1",
		User:     []string{"em=a@x.example", "em=b@x.example", "ph=1"},
		Contents: []map[string]string{{"id": "s", "quantity": "", "item_price": ""}},
		Custom:   map[string]string{"content_ids": `["1","2"]`, "note": `"[1]"`},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	table := mustParse(t, `{"format":{"separator":";"},"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"index":0},"custom_data.content_ids":{"index":1},"custom_data.note":{"index":2}}}`)
	row := show(t, table, rows(t, table, CSV, []byte(`"[""a@x.example"",""N/A"",""b@x.example""]";"[1,""s""]";"[1]"`+"\n"))[0])
	if diff := cmp.Diff([]string{"em=a@x.example", "em=b@x.example"}, row.User); diff != "" || row.Custom["content_ids"] != `["1","s"]` || row.Custom["note"] != `"[1]"` {
		t.Errorf("%s %v", diff, row.Custom)
	}
}

// TestFirstTexts: where one text is wanted the first of a list is taken, and an object is dropped by name.
func TestFirstTexts(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"event_id":{"path":"$.id"},"custom_data.currency":{"path":"$.cur"},"custom_data.value":{"path":"$.sum"},
		"custom_data.order_id":{"path":"$.order"},"event_source_url":{"path":"$.url"},"custom_data.own":{"path":"$.own"}}}`)
	got := show(t, m, Row{Item: []byte(`{"id":[null,"a","b"],"cur":["N/A","EUR"],"sum":[9.5,1],"order":[1001.0],"url":{"href":"https://a/"},"own":[1,{"a":2}]}`)})
	want := shown{
		Ident: got.Ident, Name: "Lead", ID: "a", Currency: "EUR", Custom: map[string]string{"order_id": `"1001"`, "own": `[1,{"a":2}]`},
		Dropped: []string{"custom_data.value: is no single value", "event_source_url: is no single value"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
