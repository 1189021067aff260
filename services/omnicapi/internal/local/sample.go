package local

import (
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// sample holds the demo's configuration and what `config init` writes around the formats' samples.
//
//go:embed sample
var sample embed.FS

// SampleFile is where WriteSample puts the configuration of a data folder.
func SampleFile(data string) string { return filepath.Join(data, "demo", "omnicapi.yaml") }

// WriteSample writes the demo's configuration, with its secrets and mapping, into a data folder, unless it is there, and
// returns the file.
func WriteSample(data string) (string, error) {
	file := SampleFile(data)
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	folder := filepath.Dir(file)
	for _, name := range []string{"mappings/store.json", "omnicapi.yaml"} {
		text, err := sample.ReadFile(path.Join("sample/demo", name))
		if err != nil {
			return "", fmt.Errorf("reading the demo's %s: %w", name, err)
		}
		if name == "omnicapi.yaml" {
			for _, secret := range []string{"secrets/demo.key", "secrets/demo.token"} {
				if err := writeSecret(filepath.Join(folder, secret)); err != nil && !errors.Is(err, fs.ErrExist) {
					return "", err
				}
			}
		}
		if err := writeNew(filepath.Join(folder, name), text); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return file, nil
}

// writeSecret writes a random secret.
func writeSecret(file string) error {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	return writeNew(file, []byte(hex.EncodeToString(random[:])+"\n"))
}

// writeNew writes a file that must not be there yet; only its owner may read it.
func writeNew(file string, text []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("making the folder of %s: %w", file, err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("writing %s: %w", file, closed)
		}
	}()
	if _, err := f.Write(text); err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return nil
}
