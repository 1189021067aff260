package all_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/recorded"
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

// TestEveryFolderIsListed: a folder with recorded requests is a format of the list.
func TestEveryFolderIsListed(t *testing.T) {
	found, err := filepath.Glob("../*/recorded")
	if err != nil || len(found) == 0 {
		t.Fatal(err, "no folder")
	}
	listed := map[string]bool{}
	for _, f := range all.Formats {
		listed[filepath.Base(filepath.Dir(recorded.Folder(f.Name)))] = true
	}
	for _, folder := range found {
		if name := filepath.Base(filepath.Dir(folder)); !listed[name] {
			t.Errorf("pkg/format/%s is not in all.Formats", name)
		}
	}
	for _, f := range all.Formats {
		folder := filepath.Join("..", strings.ReplaceAll(f.Name, ".", ""))
		if _, err := os.Stat(filepath.Join(folder, "recorded")); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
