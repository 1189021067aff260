// Command cmd writes the files that tell of all formats: go generate runs it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/internal/catalog"
)

func main() {
	root := flag.String("repository", ".", "where the repository lies")
	flag.Parse()
	if err := write(*root); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(root string) error {
	made, err := catalog.Files(os.DirFS(root), all.Formats)
	if err != nil {
		return fmt.Errorf("making what is told of all formats: %w", err)
	}
	for file, text := range made {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(file)), []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing what is told of all formats: %w", err)
		}
	}
	return nil
}
