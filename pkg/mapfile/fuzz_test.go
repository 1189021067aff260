package mapfile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// samples are the files of testdata that match.
func samples(t testing.TB, pattern string) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sample %s: %v", pattern, err)
	}
	var all [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// FuzzParse: any bytes are a mapping that can be used, or Problems.
func FuzzParse(f *testing.F) {
	for _, s := range samples(f, "*.json") {
		f.Add(s)
	}
	f.Add([]byte(`{"version":1,"defaults":{"event_name":"Lead"},"columns":{"event_id":{"path":"$.a[*].b"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			if m != nil || err.Error() == "" {
				t.Fatalf("a mapping and an error: %v", err)
			}
			return
		}
		var e capi.Event
		_, _ = m.Map([]byte(`{"row":1,"lines":[["Purchase","1795426200"]]}`), berlin, &e)
		_ = m.Split(strings.NewReader("a;b\n1;2\n"), CSV, func(Row) bool { return true })
	})
}

// secret stands in cells whose text no error may quote.
const secret = "qZ7secretZq"

// FuzzSplitCSV: any bytes are rows that are items or refused, in order, and no error quotes a cell.
func FuzzSplitCSV(f *testing.F) {
	for _, s := range samples(f, "*.csv") {
		f.Add(s, false, false)
	}
	f.Add([]byte("id;at\n\"a\"\"b\";1795426200\n\"x\"y;\n"), true, false)
	f.Add([]byte("sep=|\r\na|b\r\n1|"+secret+"\r\n"), false, true)
	f.Add([]byte("1,"+secret+"\n2,1795426200\n1,1795426200\n\"open"), true, false)
	f.Fuzz(func(t *testing.T, data []byte, group, ansi bool) {
		mapping := `{"defaults":{"event_name":"Lead"},"format":{"encoding":"utf-8"},"columns":{"event_time":{"index":1},"user_data.em":{"index":0}}}`
		if group {
			mapping = strings.Replace(mapping, `"columns"`, `"group_by":[{"index":0}],"columns"`, 1)
		}
		if ansi {
			mapping = strings.Replace(mapping, "utf-8", "windows-1252", 1)
		}
		m := mustParse(t, mapping)
		last := 0
		err := m.Split(bytes.NewReader(data), CSV, func(r Row) bool {
			if (r.Item == nil) == (r.Err == nil) {
				t.Fatalf("row %d is both or neither: %s %v", r.Number, r.Item, r.Err)
			}
			if r.Number <= last || r.Last < r.Number {
				t.Fatalf("row %d to %d after row %d", r.Number, r.Last, last)
			}
			last = r.Last
			if r.Err != nil {
				quiet(t, r.Err)
				return true
			}
			if !json.Valid(r.Item) {
				t.Fatalf("item is no JSON: %q", r.Item)
			}
			var e capi.Event
			dropped, err := m.Map(r.Item, berlin, &e)
			if err != nil {
				t.Fatalf("what Split lets through, Map refuses: %v: %q", err, r.Item)
			}
			for i := range dropped {
				quiet(t, &dropped[i])
			}
			return true
		})
		if err != nil {
			quiet(t, err)
		}
	})
}

// quiet fails if an error quotes a cell.
func quiet(t *testing.T, err error) {
	t.Helper()
	if strings.Contains(err.Error(), secret) {
		t.Fatalf("quotes a cell: %v", err)
	}
}

// FuzzMap: any item is an event or an error, with a mapping of tables and one of JSON, and an event's JSON is valid.
func FuzzMap(f *testing.F) {
	named, err := Load("testdata/file-store-mapping-named.json")
	if err != nil {
		f.Fatal(err)
	}
	anyJSON := mustParse(f, `{"defaults":{"event_name":"Lead"},"columns":{"event_time":{"path":"$.at"},"event_id":{"path":"id"},
		"user_data.em":{"path":"$.emails[*]"},"custom_data.value":{"path":"$.total"},"custom_data.extra":{"path":"$.extra"},
		"custom_data.contents[].id":{"path":"$.lines[*].sku"},"custom_data.contents[].price":{"path":"$.lines[*].price"},
		"custom_data.content_ids":{"path":"$.lines[*].sku"},"app_data.extinfo":{"path":"$.ext"},"opt_out":{"path":"$.out"}}}`)
	for _, s := range samples(f, "file-store-raw.csv") {
		for _, r := range rows(f, named, CSV, s) {
			f.Add(r.Item)
		}
	}
	f.Add([]byte(`{"at":1795426200,"id":1,"emails":["` + secret + `"],"total":"` + secret + `","lines":[{"sku":"a","price":1e2}],"out":"` + secret + `"}`))
	f.Add([]byte(`{"row":1,"xlsx":true,"date1904":true,"lines":[["` + secret + `"]],"columns":["` + secret + `"]}`))
	f.Fuzz(func(t *testing.T, item []byte) {
		if !json.Valid(item) {
			return // ingest checks what it takes
		}
		for _, m := range []*Mapping{named, anyJSON} {
			var e capi.Event
			dropped, err := m.Map(item, berlin, &e)
			if err != nil {
				quiet(t, err)
			}
			for i := range dropped {
				quiet(t, &dropped[i])
			}
			if _, again := m.Identify(item); (again == nil) != (err == nil) {
				t.Fatalf("Map says %v, Identify %v", err, again)
			}
			for _, mem := range e.Custom.Members {
				if !json.Valid(mem.Value) {
					t.Fatalf("%s is no JSON: %q", mem.Key, mem.Value)
				}
			}
			if v := e.Custom.Value; v != nil && !json.Valid(v) {
				t.Fatalf("value is no JSON number: %q", v)
			}
		}
	})
}
