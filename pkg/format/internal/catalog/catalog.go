// Package catalog reads what lies in a sender's folder beside its code (its page, its operations, its samples) and makes of
// all of them what is told in one place: the index of the pages, the table of README.md and the document of ingest's API.
// `go generate ./pkg/format/all` writes these; tests hold that they are what this package makes, and ask it what a sender's
// folder lacks. It refuses to know a format by name, and to be part of a program that runs.
package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format"
)

// Where things lie in the repository.
const (
	folders = "pkg/format"
	index   = "docs/channels.md"
	readme  = "README.md"
	api     = "services/ingest/internal/httpapi/openapi.yaml"
	apiBase = "services/ingest/internal/httpapi/openapi.base.yaml"
	initial = "services/omnicapi/internal/local/sample/init.yaml"
)

// Files are the files that tell of all formats, as they ought to be in the repository.
func Files(repo fs.FS, formats []*format.Format) (map[string]string, error) {
	made := map[string]string{}
	for file, rows := range map[string]func(fs.FS, []*format.Format) (string, error){index: indexOf, readme: tableOf} {
		text, err := fs.ReadFile(repo, file)
		if err != nil {
			return nil, err
		}
		told, err := rows(repo, formats)
		if err != nil {
			return nil, err
		}
		if made[file], err = between(string(text), told); err != nil {
			return nil, fmt.Errorf("writing %s: %w", file, err)
		}
	}
	var err error
	made[api], err = document(repo, formats)
	return made, err
}

// in is the path of a file of a format's folder.
func in(f *format.Format, name string) string {
	return path.Join(folders, format.Folder(f.Name), name)
}

// Between these lines of a page stands what is made.
const (
	madeFrom = "<!-- made by go generate ./pkg/format/all: -->\n"
	madeTo   = "<!-- up to here -->\n"
)

// between puts what is made between its marks.
func between(page, made string) (string, error) {
	before, rest, opened := strings.Cut(page, madeFrom)
	_, after, closed := strings.Cut(rest, madeTo)
	if !opened || !closed {
		return "", fmt.Errorf("it lacks the line %q or %q", strings.TrimSpace(madeFrom), strings.TrimSpace(madeTo))
	}
	return before + madeFrom + made + madeTo + after, nil
}
