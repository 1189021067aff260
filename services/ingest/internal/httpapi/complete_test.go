package httpapi

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// TestEveryFormatIsComplete: a format has a recorded request, a section of documentation and its routes in openapi.yaml, and
// so that none is forgotten nothing here names one. What it says of itself is held in its own package's list, its sample
// event in the demo.
func TestEveryFormatIsComplete(t *testing.T) {
	doc := openAPI(t)
	headings := headingsOf(t, "docs/channels.md")
	for _, f := range all.Formats {
		t.Run(f.Name, func(t *testing.T) {
			if len(casesOf(t, f.Name)) == 0 {
				t.Errorf("has no recorded request: put one into %s", recorded.Folder(f.Name))
			}
			if !slices.Contains(headings, "### `"+f.Name+"`") {
				t.Errorf("has no section: docs/channels.md wants a heading ### `%s`", f.Name)
			}
			for _, missing := range undocumented(doc, f) {
				t.Errorf("openapi.yaml lacks %s", missing)
			}
		})
	}
}

func casesOf(t *testing.T, format string) []recorded.Case {
	t.Helper()
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(cases, func(c recorded.Case) bool { return c.Format != format })
}

// undocumented is the operations of a format that openapi.yaml lacks; one without routes of its own has the sources'.
func undocumented(doc apiDocument, f *format.Format) []string {
	routes := f.Routes
	if len(routes) == 0 {
		routes = []receive.Route{{Methods: []string{http.MethodPost}, Pattern: sourcePattern}}
	}
	var missing []string
	for _, r := range routes {
		for _, m := range r.Methods {
			if _, found := doc.Paths[plain(r.Pattern)][strings.ToLower(m)]; !found {
				missing = append(missing, m+" "+plain(r.Pattern))
			}
		}
	}
	return missing
}

// headingsOf is the headings of a page of the repository.
func headingsOf(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", filepath.FromSlash(page)))
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			headings = append(headings, strings.TrimSpace(line))
		}
	}
	return headings
}

// TestIncompleteIsSeen: what the test above looks for is seen when it is missing.
func TestIncompleteIsSeen(t *testing.T) {
	if got := undocumented(apiDocument{}, all.Named("ndjson")); !slices.Equal(got, []string{"POST /v1/sources/{source}"}) {
		t.Errorf("%q", got)
	}
	if got := undocumented(openAPI(t), unknownFormat); !slices.Equal(got, []string{"PUT /nowhere/{id}"}) {
		t.Errorf("%q", got)
	}
	if len(casesOf(t, "fax")) > 0 {
		t.Error("a format that nobody has recorded has requests")
	}
}

// unknownFormat has a route that nobody documents.
var unknownFormat = &format.Format{Routes: []receive.Route{{Methods: []string{http.MethodPut}, Pattern: "/nowhere/{id:[0-9]+}"}}}
