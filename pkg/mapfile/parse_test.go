package mapfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// paths are where a mapping file's problems stand.
func paths(t *testing.T, mapping string) []string {
	t.Helper()
	_, err := Parse([]byte(mapping))
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error is %v, not Problems", err)
	}
	var at []string
	for _, p := range problems {
		if p.What == "" {
			t.Errorf("%s says nothing", p.Path)
		}
		at = append(at, p.Path)
	}
	return at
}

// TestProblemsByPath: everything wrong with a file is told at once, each by its place.
func TestProblemsByPath(t *testing.T) {
	const event = `"defaults":{"event_name":"Purchase"}`
	for _, c := range []struct {
		name, mapping string
		want          []string
	}{
		{"no JSON", `{"version":1`, []string{""}},
		{"no object", `[1]`, []string{""}},
		{"a key twice", `{"version":1,"version":1}`, []string{""}},
		{"empty", `{}`, []string{"columns", "columns.event_name"}},
		{"unknown keys", `{"version":2,"colums":{},` + event + `}`, []string{"version", "colums", "columns"}},
		{"kinds", `{"channel":1,"match":"[","format":[],"defaults":[],"group_by":{},"columns":[]}`, []string{
			"channel", "match", "format", "defaults", "group_by", "columns", "columns.event_name",
		}},
		{"format", `{` + event + `,"columns":{},"format":{"type":"ods","sheet":1,"separator":"x","quote":"''","encoding":"latin-9",
			"header_rows":11,"skip_rows":-1,"skip_blank_rows":"yes","decimal":"'","date_format":"DD/MM/YYYY","timezone":"Mars/Base",
			"default_country_code":"0","headers":1}}`, []string{
			"format.type", "format.sheet", "format.separator", "format.quote", "format.encoding", "format.header_rows",
			"format.skip_rows", "format.skip_blank_rows", "format.decimal", "format.date_format", "format.timezone",
			"format.default_country_code", "format.headers",
		}},
		{"targets", `{` + event + `,"columns":{"user_data.colour":{"index":0},"event":{"index":0},"custom_data":{"index":0},
			"custom_data.contents":{"index":0},"custom_data.a b":{"index":0},"other.em":{"index":0},"user_data.":{"index":0}}}`, []string{
			"columns.user_data.colour", "columns.event", "columns.custom_data", "columns.custom_data.contents",
			"columns.custom_data.a b", "columns.other.em", "columns.user_data.",
		}},
		{"columns", `{` + event + `,"columns":{"event_id":5,"user_data.em":{},"user_data.ph":{"name":"P","column":"B"},
			"user_data.fn":{"name":" "},"user_data.ln":{"column":"7"},"user_data.ct":{"index":"6"},"user_data.st":{"index":-1},
			"user_data.zp":{"column":"XFE"},"user_data.country":{"index":16384},"user_data.ge":{"index":1,"form":"sha1"},
			"user_data.db":{"index":1,"colour":"red"}}}`, []string{
			"columns.event_id", "columns.user_data.em", "columns.user_data.ph", "columns.user_data.fn.name",
			"columns.user_data.ln.column", "columns.user_data.ct.index", "columns.user_data.st.index",
			"columns.user_data.zp.column", "columns.user_data.country.index", "columns.user_data.ge.form",
			"columns.user_data.db.colour",
		}},
		{"paths", `{` + event + `,"columns":{"user_data.em":{"path":"$"},"user_data.ph":{"path":"$.a[*].b[*]"},
			"user_data.fn":{"path":"$.a["},"user_data.ln":{"path":"$.a[x]"},"user_data.ct":{"path":"$.a..b"},
			"user_data.st":{"path":"$.a."},"user_data.zp":{"path":"$.a[-1]"}}}`, []string{
			"columns.user_data.em.path", "columns.user_data.ph.path", "columns.user_data.fn.path", "columns.user_data.ln.path",
			"columns.user_data.ct.path", "columns.user_data.st.path", "columns.user_data.zp.path",
		}},
		{
			"paths and columns", `{` + event + `,"group_by":["R"],"columns":{"user_data.em":{"path":"a"},"user_data.ph":{"index":1}}}`,
			[]string{"columns", "group_by"},
		},
		{"extinfo of a table", `{` + event + `,"columns":{"app_data.extinfo":{"index":1}}}`, []string{"columns.app_data.extinfo"}},
		{"defaults", `{"columns":{},"defaults":{"event_name":"","event_time":"1","event_id":"1","user_data.country":"de",
			"custom_data.contents[].id":"1","colour":"red"}}`, []string{
			"defaults.event_name", "defaults.event_time", "defaults.event_id", "defaults.user_data.country",
			"defaults.custom_data.contents[].id", "defaults.colour", "columns.event_name",
		}},
		{
			"group_by", `{` + event + `,"columns":{},"group_by":["",{"index":"1"},{"path":"a"}]}`,
			[]string{"group_by[0]", "group_by[1].index", "group_by"},
		},
		{
			"names without a header", `{` + event + `,"format":{"header_rows":0},"columns":{"user_data.em":{"name":"E"}}}`,
			[]string{"format.header_rows"},
		},
		{"flat", `{"EMAIL":-1,"PHONE":"","ZIP":1.5,"AGE":3}`, []string{"EMAIL", "PHONE", "ZIP", "AGE", "EVENT_TIME", "columns.event_name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, paths(t, c.mapping)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProblemsAreOneLineEach(t *testing.T) {
	_, err := Load("testdata/none.json")
	if err == nil || !strings.HasPrefix(err.Error(), "reading mapping file: ") {
		t.Errorf("no file: %v", err)
	}
	_, err = Parse([]byte(`{"version":1,"columns":{"event_name":{"index":0},"event_id":{"index":"x"}},"colour":"red"}`))
	want := "line 1: columns.event_id.index: is no number from 0 (column A)\nline 1: colour: unknown key; known are version, channel, match, " +
		"format, defaults, group_by and columns"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// TestColumnsAreFoundByLetterOrNumber: "6" is no letter, "G" is no number, and the letters go on past Z.
func TestColumnsAreFoundByLetterOrNumber(t *testing.T) {
	for text, want := range map[string]int{
		"A": 0, "g": 6, "Z": 25, "AA": 26, "AZ": 51, "BA": 52, "ZZ": 701, "AAA": 702, "XFD": 16383,
		"XFE": -1, "": -1, "6": -1, "A1": -1, "Ä": -1, "AAAA": -1,
	} {
		got := parseLetters(text)
		if got != want {
			t.Errorf("%q is column %d, want %d", text, got, want)
		}
		if want >= 0 && letters(want) != strings.ToUpper(text) {
			t.Errorf("column %d is called %q, want %q", want, letters(want), text)
		}
	}
	for text, want := range map[string]int{"0": 0, "6": 6, "16383": 16383, "16384": -1, "-1": -1, "G": -1, "1.0": -1} {
		if got := parseIndex(text); got != want {
			t.Errorf("%q is index %d, want %d", text, got, want)
		}
	}
	m := mustParse(t, `{"EVENT_TIME":"1","EVENT_NAME":"A","EMAIL":"AA","PHONE":"6","ZIP":"G"}`)
	var at []int
	for _, f := range m.fields {
		at = append(at, f.from.index)
	}
	if diff := cmp.Diff([]int{1, 0, 26, 6, 6}, at); diff != "" {
		t.Error(diff)
	}
}

func TestFormsAreDeclared(t *testing.T) {
	m := mustParse(t, `{"defaults":{"event_name":"Lead"},"columns":{"user_data.em":{"index":0,"form":"raw"},
		"user_data.ph":{"index":1,"form":"hashed"},"user_data.fn":{"index":2,"form":"auto"},"user_data.ln":{"index":3}}}`)
	want := []identity.Form{identity.Raw, identity.DeclaredHashed, identity.Auto, identity.Auto}
	item := rows(t, m, CSV, []byte("a@example.com,b,c,d\n"))[0].Item
	var got []identity.Form
	for _, v := range mapped(t, m, item).User.Values {
		got = append(got, v.Form)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
