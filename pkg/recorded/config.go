package recorded

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// WriteConfig writes the configuration under which the recorded requests were made — one source of each format at least,
// with its secret and mapping files — into a folder and returns its file. It says nothing of Kafka, Graph or ports.
func WriteConfig(folder string) (string, error) {
	err := fs.WalkDir(files, "config", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(folder, filepath.FromSlash(strings.TrimPrefix(name, "config/")))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	})
	if err != nil {
		return "", fmt.Errorf("writing the recorded configuration: %w", err)
	}
	return filepath.Join(folder, "omnicapi.yaml"), nil
}

// Secret is what senders of a format present or sign with: the file of its name.
func Secret(format string) (string, error) {
	text, err := files.ReadFile(path.Join("config/secrets", format))
	if err != nil {
		return "", fmt.Errorf("reading a recorded secret: %w", err)
	}
	return strings.TrimSuffix(string(text), "\n"), nil
}
