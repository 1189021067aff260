package all

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format"
)

// template is where a receiver makes an event's id by a template: what it begins with.
var template = regexp.MustCompile(`id\.EventID\b.*in\.(?:Joined|Digest)\("([^"]*)"`)

// TestTemplatesAreSaid: what the ids begin with that a format makes by a template, its Format says: no page may give such an id.
func TestTemplatesAreSaid(t *testing.T) {
	found := 0
	for _, f := range Formats {
		files, err := filepath.Glob(filepath.Join("..", format.Folder(f.Name), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(f.Name, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range template.FindAllStringSubmatch(string(text), -1) {
				found++
				if !slices.ContainsFunc(f.IDs, func(b string) bool { return strings.HasPrefix(m[1], b) }) {
					t.Errorf("%s makes ids that begin with %q, and does not say so", f.Name, m[1])
				}
			}
		}
		for _, b := range f.IDs {
			if foreign := ForeignIDs(f.Name); slices.Contains(foreign, b) {
				t.Errorf("%s may not use its own %q", f.Name, b)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d templates found: do receivers make them otherwise now?", found)
	}
}
