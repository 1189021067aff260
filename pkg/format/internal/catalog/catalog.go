// Package catalog reads what lies in a sender's folder beside its code and makes of all of them what is told in one place:
// the document of ingest's API. `go generate ./pkg/format/all` writes it. It refuses to know a format by name, and to be part of a program that runs.
package catalog

import (
	"io/fs"
	"path"

	"github.com/omnicapi/omnicapi/pkg/format"
)

// Where things lie in the repository.
const (
	folders = "pkg/format"
	api     = "services/ingest/internal/httpapi/openapi.yaml"
	apiBase = "services/ingest/internal/httpapi/openapi.base.yaml"
)

// Files are the files that tell of all formats, as they ought to be in the repository.
func Files(repo fs.FS, formats []*format.Format) (map[string]string, error) {
	made := map[string]string{}
	var err error
	made[api], err = document(repo, formats)
	return made, err
}

// in is the path of a file of a format's folder.
func in(f *format.Format, name string) string {
	return path.Join(folders, format.Folder(f.Name), name)
}
