package all_test

import (
	"path/filepath"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestEveryFormatSaysWhatItIs: nothing of a format may be missing, and its table of names has none that Meta would not take.
func TestEveryFormatSaysWhatItIs(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range all.Formats {
		t.Run(f.Name, func(t *testing.T) {
			if seen[f.Name] {
				t.Error("is listed twice")
			}
			seen[f.Name] = true
			if all.Named(f.Name) != f || all.Of([]byte(f.Name)) != f {
				t.Error("is not found by its name")
			}
			if f.Receiver == nil || f.Mapper == nil || f.Answer == nil {
				t.Error("lacks a receiver, a mapper or an answer")
			}
			if len(f.Channels) == 0 {
				t.Error("serves no channel")
			}
			for _, c := range f.Channels {
				if !topic.IsChannel(c) {
					t.Errorf("serves %q, which is no channel", c)
				}
			}
			if len(f.Manners.Taken) == 0 || len(f.Manners.Unreadable) == 0 || len(f.Manners.Denied) == 0 {
				t.Error("does not say how its senders are answered")
			}
			holdsNames(t, f.Names)
		})
	}
	if all.Named("fax") != nil {
		t.Error("a format of nobody's is found")
	}
}

func holdsNames(t *testing.T, names *mapping.Names) {
	t.Helper()
	if names == nil {
		return
	}
	for from, to := range names.Table {
		if len(to) > mapping.MaxName {
			t.Errorf("%q becomes %q", from, to)
		}
		if lower := string(mapping.AppendLower(nil, []byte(from))); names.Fold && lower != from {
			t.Errorf("%q is never found, since case does not count", from)
		}
	}
}

// TestEveryFolderIsListed: a folder with something that only a sender has is a format of the list.
func TestEveryFolderIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, f := range all.Formats {
		listed[format.Folder(f.Name)] = true
	}
	for _, what := range []string{"recorded", "README.md", "sample.yaml", "openapi.yaml"} {
		found, err := filepath.Glob(filepath.Join("..", "*", what))
		if err != nil || len(found) == 0 {
			t.Fatal(err, "no folder has ", what)
		}
		for _, file := range found {
			if folder := filepath.Base(filepath.Dir(file)); !listed[folder] {
				t.Errorf("pkg/format/%s has a %s and is not in the list: add its line to all.Formats", folder, what)
			}
		}
	}
}
