package recorded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
)

// configFile is the configuration's name, and sourcesFile what a format's folder adds to it. The folders secrets and mappings
// beside either are copied as they are; those beside configFile are of several formats.
const (
	configFile  = "omnicapi.yaml"
	sourcesFile = "sources.yaml"
)

// WriteConfig writes the configuration under which the requests were recorded into a folder, and returns the path of
// its file. It has at least one source of each format, with its secret and mapping files, and no settings of Kafka,
// Graph or ports.
func WriteConfig(folder string) (string, error) {
	file, err := writeConfig(folder)
	if err != nil {
		return "", fmt.Errorf("writing the recorded configuration: %w", err)
	}
	return file, nil
}

func writeConfig(folder string) (string, error) {
	text, err := files.ReadFile(path.Join("config", configFile))
	if err != nil {
		return "", err
	}
	if err := copyBeside(folder, files, "config"); err != nil {
		return "", err
	}
	for _, f := range all.Formats {
		at := recordedIn(f.Name)
		sources, err := format.Recorded.ReadFile(path.Join(at, sourcesFile))
		if err != nil {
			return "", err
		}
		for line := range strings.Lines(string(sources)) {
			text = append(append(text, "  "...), line...)
		}
		if err := copyBeside(folder, format.Recorded, at); err != nil {
			return "", err
		}
	}
	file := filepath.Join(folder, configFile)
	return file, os.WriteFile(file, text, 0o600)
}

// copyBeside copies the secrets and mappings of a folder. Two formats may not have a file of the same name.
func copyBeside(folder string, from fs.FS, at string) error {
	for _, kind := range []string{"secrets", "mappings"} {
		found, err := fs.Glob(from, path.Join(at, kind, "*"))
		if err != nil {
			return err
		}
		for _, name := range found {
			text, err := fs.ReadFile(from, name)
			if err != nil {
				return err
			}
			if err := writeNew(filepath.Join(folder, kind, path.Base(name)), text); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeNew(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// Secret returns what senders of a format present or sign with: the content of the file with that name, in the format's
// own folder or among those of several formats.
func Secret(name string) (string, error) {
	text, err := format.Recorded.ReadFile(path.Join(recordedIn(name), "secrets", name))
	if errors.Is(err, fs.ErrNotExist) {
		text, err = files.ReadFile(path.Join("config/secrets", name))
	}
	if err != nil {
		return "", fmt.Errorf("reading a recorded secret: %w", err)
	}
	return strings.TrimSuffix(string(text), "\n"), nil
}
