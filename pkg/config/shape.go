package config

import (
	"reflect"
	"time"
)

// kind is what may stand under a key of the file.
type kind int

const (
	section kind = iota // fixed keys
	entries             // named sections: datasets, sources
	texts               // free keys, text values: events
	list                // of texts
	text
	number
	decimal
	duration
	size
	truth
)

var kindNames = map[kind]string{
	section: "a section (key: value lines)", entries: "a section of named entries", texts: "a section of name: text",
	list: "a list ([a, b])", text: "a text", number: "a whole number", decimal: "a number",
	duration: "a duration (like 5s or 168h)", size: "a size (like 8MiB or 256KiB)", truth: "true or false",
}

// shape is what the file may hold: which keys, and under each a value of which kind. It is made of Config's own types, so that
// the two cannot differ.
type shape struct {
	kind   kind
	names  []string // of a section, in the order of the type
	fields map[string]*shape
	elem   *shape // of entries
}

var root = shapeOf(reflect.TypeFor[Config]())

func shapeOf(t reflect.Type) *shape {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return &shape{kind: duration}
	case reflect.TypeFor[Size]():
		return &shape{kind: size}
	}
	switch t.Kind() {
	case reflect.Struct:
		s := &shape{kind: section, fields: map[string]*shape{}}
		for i := range t.NumField() {
			if name := t.Field(i).Tag.Get("yaml"); name != "-" {
				s.names = append(s.names, name)
				s.fields[name] = shapeOf(t.Field(i).Type)
			}
		}
		return s
	case reflect.Map:
		if t.Elem().Kind() == reflect.String {
			return &shape{kind: texts}
		}
		return &shape{kind: entries, elem: shapeOf(t.Elem())}
	case reflect.Slice:
		return &shape{kind: list}
	case reflect.Int:
		return &shape{kind: number}
	case reflect.Bool:
		return &shape{kind: truth}
	case reflect.Float64:
		return &shape{kind: decimal}
	}
	return &shape{kind: text}
}

// leaf is one value that the environment can set.
type leaf struct {
	path []string
	kind kind
}

// leaves lists the leaves under s. Which named entries and free keys there are, values says.
func (s *shape) leaves(path []string, values map[string]any, yield func(leaf)) {
	switch s.kind {
	case section:
		for _, name := range s.names {
			under, _ := values[name].(map[string]any)
			s.fields[name].leaves(append(path[:len(path):len(path)], name), under, yield)
		}
	case entries:
		for name, entry := range values {
			under, _ := entry.(map[string]any)
			s.elem.leaves(append(path[:len(path):len(path)], name), under, yield)
		}
	case texts:
		for name := range values {
			yield(leaf{append(path[:len(path):len(path)], name), text})
		}
	default:
		yield(leaf{path, s.kind})
	}
}
