package mapping_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestListsAsText: a list is the same list as JSON in a text, with a mark before it, as PHP writes one with gaps, and as one
// object; its elements may be JSON in texts, too.
func TestListsAsText(t *testing.T) {
	malformed := mapping.Dropped{Field: mapping.FieldContents, Reason: mapping.Malformed}
	for _, c := range []struct {
		list, want string
		dropped    []mapping.Dropped
	}{
		{`[{"id":"a"},{"id":"b"}]`, "a, b", nil},
		{`"[{\"id\":\"a\"},{\"id\":\"b\"}]"`, "a, b", nil},
		{"\"\ufeff [{\\\"id\\\":\\\"a\\\"}]\"", "a", nil},
		{`{"0":{"id":"a"},"2":{"id":"b"}}`, "a, b", nil},
		{`["{\"id\":\"a\"}","[{\"id\":\"b\"}]",[{"id":"c"}]]`, "a, b, c", nil},
		{`{"id":"a"}`, "a", nil},
		{`"{\"id\":\"a\"}"`, "a", nil},
		{`[null,{},"",{"id":"a"}]`, "a", nil},
		{`[]`, "", nil},
		{`"[]"`, "", nil},
		{`null`, "", nil},
		{`["a",{"id":"b"}]`, "b", []mapping.Dropped{malformed}},
		{`"[broken"`, "", []mapping.Dropped{malformed}},
		{`7`, "", []mapping.Dropped{malformed}},
	} {
		for name, read := range map[string]func(o *mapping.Output, list []byte){
			"contents": (*mapping.Output).ReadContents,
			"products": func(o *mapping.Output, list []byte) { o.AddProducts(list, member) },
		} {
			o := new(mapping.Output)
			read(o, []byte(c.list))
			got := strings.NewReplacer(" 1 ", "", "  ", "").Replace(mappingtest.ContentsText(o))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s of %s: %s", name, c.list, diff)
			}
			if diff := cmp.Diff(c.dropped, o.Dropped); diff != "" {
				t.Errorf("%s of %s: %s", name, c.list, diff)
			}
		}
	}
}

func TestContentIDsAsText(t *testing.T) {
	key := []byte("content_ids")
	for value, want := range map[string]string{
		`["a","b"]`: `["a","b"]`, `"[\"a\",1]"`: `["a","1"]`, `{"0":"a","3":"b"}`: `["a","b"]`, `"a"`: `["a"]`, `"a,b"`: `["a,b"]`, `7`: `["7"]`,
		`[]`: "", `""`: "", `{"a":1}`: "", `"[broken"`: `["[broken"]`,
	} {
		o := new(mapping.Output)
		o.AddContentIDs(key, []byte(value))
		if got := mappingtest.Members(o)["content_ids"]; got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// TestOwnData: of what a sender's program sends as it is, contacts and ids are the person's, places are not.
func TestOwnData(t *testing.T) {
	o := new(mapping.Output)
	o.ReadOwnData([]byte(`"{\"email\":\"a@example.com\",\"mobilePhone\":1,\"user_id\":\"u\",\"city\":\"Paris\",\"state\":\"done\",\"ip\":\"192.0.2.1\",\"plan\":{\"a\":1}}"`))
	o.ReadOwnData([]byte(`["email"]`))
	if diff := cmp.Diff([]string{"em=a@example.com", "ph=1", "external_id=u"}, mappingtest.Person(o)); diff != "" {
		t.Error(diff)
	}
}
