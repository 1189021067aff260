package mapfile

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDocs: the page's examples load, and it names every key of the format.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/mapping-files.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	blocks := strings.Split(page, "```json\n")[1:]
	var isJSON []bool
	for _, b := range blocks {
		example, _, _ := strings.Cut(b, "```")
		isJSON = append(isJSON, mustParse(t, example).JSON())
	}
	if !slices.Equal(isJSON, []bool{false, true, false}) {
		t.Errorf("examples of JSON: %v", isJSON)
	}
	_, err = Parse([]byte(`{"format":{"x":1},"defaults":{"event_name":"Lead"},"columns":{}}`))
	if err == nil {
		t.Fatal("takes an unknown key")
	}
	_, list, _ := strings.Cut(err.Error(), "known are ")
	for key := range strings.FieldsSeq(strings.NewReplacer(",", " ", " and ", " ").Replace(list)) {
		if !strings.Contains(page, "`"+key+"`") {
			t.Errorf("the page does not name %s", key)
		}
	}
}
