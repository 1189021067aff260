package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// operation is a path of the API and how it is called.
type operation struct {
	methods []string
	path    string
}

// expression is that of a route's parameter: {version:[0-9]+}.
var expression = regexp.MustCompile(`\{([a-z]+):[^{}]*\}`)

// operationsOf are a format's; one without routes has the sources'.
func operationsOf(f *format.Format) []operation {
	routes := f.Routes
	if len(routes) == 0 {
		routes = []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/sources/{source}"}}
	}
	var list []operation
	for _, r := range routes {
		list = append(list, operation{r.Methods, expression.ReplaceAllString(r.Pattern, "{$1}")})
	}
	return list
}

// undocumented are the operations of a format that its openapi.yaml lacks. A browser's routes answer preflights, too.
func undocumented(repo fs.FS, f *format.Format) (missing []string, err error) {
	if len(f.Routes) == 0 {
		return nil, nil
	}
	text, err := fs.ReadFile(repo, in(f, "openapi.yaml"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var doc struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", in(f, "openapi.yaml"), err)
	}
	for _, o := range operationsOf(f) {
		methods := slices.Clone(o.methods)
		if f.Browser && !slices.Contains(methods, http.MethodOptions) {
			methods = append(methods, http.MethodOptions)
		}
		for _, m := range methods {
			if _, found := doc.Paths[o.path][strings.ToLower(m)]; !found {
				missing = append(missing, m+" "+o.path)
			}
		}
	}
	return missing, nil
}

// anchor is YAML's mark of a part that is said once and meant again. Two formats may have one of the same name.
var anchor = regexp.MustCompile(`^(\s+\S+: [&*])(\w+\b)`)

// document is the API's: the base with the paths and components of each format's openapi.yaml put in at the head of their
// sections.
func document(repo fs.FS, formats []*format.Format) (string, error) {
	base, err := fs.ReadFile(repo, apiBase)
	if err != nil {
		return "", err
	}
	of := map[string][]byte{} // lines, by the section they belong to
	for _, f := range formats {
		text, err := fs.ReadFile(repo, in(f, "openapi.yaml"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		own := []byte("${1}" + format.Folder(f.Name) + "-${2}")
		eachLine(text, func(section string, line []byte, heads bool) {
			if !heads {
				of[section] = append(of[section], anchor.ReplaceAll(line, own)...)
			}
		})
	}
	out := []byte("# Made by go generate ./pkg/format/all of openapi.base.yaml beside it and the formats' openapi.yaml.\n")
	eachLine(base, func(section string, line []byte, heads bool) {
		out = append(out, line...)
		if heads {
			out = append(out, of[section]...)
			delete(of, section)
		}
	})
	for section := range of {
		return "", fmt.Errorf("%s has no section %s, where a format's openapi.yaml has something", apiBase, section)
	}
	var readable map[string]yaml.Node
	if err := yaml.Unmarshal(out, &readable); err != nil {
		return "", fmt.Errorf("reading what was made of %s: %w", apiBase, err)
	}
	return string(out), nil
}

// eachLine calls line with the section it belongs to, and whether it is the section's head: sections are what stands at the
// top, and within components each kind of them.
func eachLine(text []byte, line func(section string, line []byte, heads bool)) {
	top, section := "", ""
	for l := range bytes.Lines(text) {
		name, _, named := strings.Cut(strings.TrimSpace(string(l)), ":")
		heads := named && (l[0] != ' ' || top == "components" && bytes.HasPrefix(l, []byte("  ")) && l[2] != ' ')
		switch {
		case heads && l[0] != ' ':
			top, section = name, name
		case heads:
			section = top + "." + name
		}
		line(section, l, heads)
	}
}
