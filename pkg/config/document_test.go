package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryKeyIsDocumented: docs/config.md has a row for each key of the file, and none for another.
func TestEveryKeyIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[a-z].*?) \\|").FindAllSubmatch(text, -1) {
		for _, key := range regexp.MustCompile("`([a-z_.*]+)`").FindAllSubmatch(row[1], -1) {
			documented[string(key[1])] = true
		}
	}
	var want, got []string
	keys(reflect.TypeFor[Config](), "", &want)
	for key := range documented {
		got = append(got, key)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-configuration +docs/config.md):\n%s", diff)
	}
}

// keys are the paths of all values below a type, names of a map as *.
func keys(t reflect.Type, path string, all *[]string) {
	switch {
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Struct:
		keys(t.Elem(), path+".*", all)
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			name := f.Tag.Get("yaml")
			if name == "" || name == "-" {
				continue
			}
			if path != "" {
				name = path + "." + name
			}
			keys(f.Type, name, all)
		}
	default:
		*all = append(*all, path)
	}
}
