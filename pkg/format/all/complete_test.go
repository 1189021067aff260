package all_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/internal/catalog"
)

var repository = os.DirFS("../../..")

// TestEveryFormatIsComplete: a sender's folder has all that is needed beside its code, and what tells of all senders tells
// of it, too. For a half-added one it says what to do next.
func TestEveryFormatIsComplete(t *testing.T) {
	for _, f := range all.Formats {
		t.Run(f.Name, func(t *testing.T) {
			for _, missing := range catalog.Missing(repository, f) {
				t.Error(missing)
			}
		})
	}
	t.Run("what tells of all", func(t *testing.T) {
		files, err := catalog.Files(repository, all.Formats)
		if err != nil {
			t.Fatal(err)
		}
		for file, want := range files {
			if got, err := fs.ReadFile(repository, file); err != nil || string(got) != want {
				t.Errorf("%s is not what the folders say: go generate ./pkg/format/all (%v)\n%s", file, err, cmp.Diff(string(got), want))
			}
		}
	})
}

// TestPagesConfigurations: a source that a page shows holds, and is of the page's format or, where it says so, of another.
func TestPagesConfigurations(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	for _, f := range all.Formats {
		page := path.Join("pkg/format", format.Folder(f.Name), "README.md")
		text, err := fs.ReadFile(repository, page)
		if err != nil {
			t.Fatal(err)
		}
		found := block.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 || !strings.Contains(found[0][1], "format: "+f.Name) {
			t.Errorf("%s shows no source of it first", page)
		}
		for _, b := range found {
			file := filepath.Join(t.TempDir(), "omnicapi.yaml")
			text := "datasets: {shop: {id: \"1\", token_file: shop.token}}\nkafka: {brokers: [localhost:9092]}\n" + b[1]
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			// The command's role needs none of the files that it names.
			if _, _, err := config.Load(file, nil, config.RoleCommand); err != nil {
				t.Errorf("%s: %v in\n%s", page, err, b[1])
			}
		}
	}
}

// TestPagesLinks: what a page links is there.
func TestPagesLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	pages := []string{"docs/channels.md", "README.md"}
	for _, pattern := range []string{"pkg/format/*/README.md", "pkg/format/dialect/*/README.md"} {
		found, err := fs.Glob(repository, pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(err, found)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		text, err := fs.ReadFile(repository, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := fs.Stat(repository, path.Join(path.Dir(page), m[1])); err != nil {
				t.Errorf("%s links %s: %v", page, m[1], err)
			}
		}
	}
}
