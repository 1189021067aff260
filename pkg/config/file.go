package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/omnicapi/omnicapi/pkg/nearest"
)

// document is what a file says: values in nested maps, the line of each path, and what is wrong with it.
type document struct {
	values   map[string]any
	lines    map[string]int
	problems Problems
	broken   bool // it is no YAML: nothing else can be said of it
}

func (d *document) wrong(path []string, line int, what string) {
	d.problems = append(d.problems, Problem{Path: dotted(path), Line: line, What: what})
}

func dotted(path []string) string { return strings.Join(path, ".") }

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// readDocument reads the YAML text of a file against the shape of Config.
func readDocument(data []byte) *document {
	d := &document{values: map[string]any{}, lines: map[string]int{}}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var node yaml.Node
	err := decoder.Decode(&node)
	if errors.Is(err, io.EOF) {
		return d
	}
	if err != nil {
		d.wrongYAML(err)
		return d
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case err == nil:
		d.wrong(nil, second.Line, "a second document: omnicapi.yaml is one")
	case !errors.Is(err, io.EOF):
		d.wrongYAML(err)
	}
	top := node.Content[0]
	if isNull(top) {
		return d
	}
	if v, ok := d.read(top, root, nil).(map[string]any); ok {
		d.values = v
	}
	return d
}

func (d *document) wrongYAML(err error) {
	d.broken = true
	what, line := err.Error(), 0
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		what = m[2]
		line, _ = strconv.Atoi(m[1])
	}
	d.wrong(nil, line, "is no YAML: "+what)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// read returns the value of a node; nil: there is none, or it is wrong and reported.
func (d *document) read(n *yaml.Node, s *shape, path []string) any {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if at := dotted(path); d.lines[at] == 0 {
		d.lines[at] = n.Line
	}
	if isNull(n) {
		if s.kind == section {
			return map[string]any{}
		}
		return nil
	}
	switch s.kind {
	case section, entries, texts:
		if n.Kind != yaml.MappingNode {
			d.wrong(path, n.Line, "is not "+kindNames[s.kind])
			return nil
		}
		return d.mapping(n, s, path)
	case list:
		return d.list(n, path)
	}
	if n.Kind != yaml.ScalarNode {
		d.wrong(path, n.Line, "is not "+kindNames[s.kind])
		return nil
	}
	return d.scalar(n, s.kind, path)
}

func (d *document) scalar(n *yaml.Node, k kind, path []string) any {
	v, err := parse(k, n.Value)
	if err != nil {
		d.wrong(path, n.Line, err.Error())
		return nil
	}
	return v
}

func (d *document) list(n *yaml.Node, path []string) any {
	if n.Kind != yaml.SequenceNode {
		d.wrong(path, n.Line, "is not "+kindNames[list])
		return nil
	}
	items := []string{}
	for i, item := range n.Content {
		at := append(path[:len(path):len(path)], strconv.Itoa(i))
		for item.Kind == yaml.AliasNode {
			item = item.Alias
		}
		d.lines[dotted(at)] = item.Line
		if item.Kind != yaml.ScalarNode || isNull(item) {
			d.wrong(at, item.Line, "is not "+kindNames[text])
			continue
		}
		if v, ok := d.scalar(item, text, at).(string); ok {
			items = append(items, v)
		}
	}
	return items
}

func (d *document) mapping(n *yaml.Node, s *shape, path []string) map[string]any {
	values := map[string]any{}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.wrong(path, key.Line, "a key is no plain text")
			continue
		}
		at := append(path[:len(path):len(path)], key.Value)
		if first, twice := seen[key.Value]; twice {
			d.wrong(at, key.Line, "stands twice (first on line "+strconv.Itoa(first)+")")
			continue
		}
		seen[key.Value] = key.Line
		child := d.child(s, key, at)
		if child == nil {
			continue
		}
		d.lines[dotted(at)] = key.Line
		if v := d.read(value, child, at); v != nil {
			values[key.Value] = v
		}
	}
	return values
}

// child is the shape under a key, nil when the key is unknown.
func (d *document) child(s *shape, key *yaml.Node, at []string) *shape {
	switch s.kind {
	case entries:
		return s.elem
	case texts:
		return &shape{kind: text}
	}
	child := s.fields[key.Value]
	if child != nil {
		return child
	}
	switch file := key.Value + "_file"; {
	case key.Tag == "!!merge":
		d.wrong(at, key.Line, "merge keys are not supported: repeat the keys, or let an alias stand for the whole value")
	case s.fields[file] != nil:
		d.wrong(at, key.Line, "a secret is never written inline: put it into a file and name the file as "+file)
	case s.fields["secrets"] != nil && (key.Value == "secret" || key.Value == "secret_file"):
		d.wrong(at, key.Line, "a secret is never written inline: put it into a file and name the file in secrets: [FILE]")
	default:
		d.wrong(at, key.Line, "unknown key"+nearest.DidYouMean(key.Value, s.names))
	}
	return nil
}
