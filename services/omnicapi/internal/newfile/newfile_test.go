package newfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/omnicapi/omnicapi/services/omnicapi/internal/newfile"
)

func write(path, text string) error {
	return newfile.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// TestWrite: the file is its owner's alone, also where a looser one was, and holds what was written.
func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letters.csv")
	if err := os.WriteFile(path, []byte("a longer text that was there"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second"} {
		if err := write(path, text); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		info, _ := os.Stat(path)
		if err != nil || string(got) != text || info.Mode().Perm() != 0o600 {
			t.Errorf("%q, %v, %v", got, info.Mode(), err)
		}
	}
}

// TestLink: nothing is written through a link, or into what is no file.
func TestLink(t *testing.T) {
	dir := t.TempDir()
	other, link := filepath.Join(dir, "other"), filepath.Join(dir, "letters.csv")
	if err := errors.Join(os.WriteFile(other, []byte("theirs"), 0o600), os.Symlink(other, link)); err != nil {
		t.Fatal(err)
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "made"), dangling); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, dangling, dir} {
		if err := write(path, "x"); err == nil {
			t.Errorf("%s was written", path)
		}
	}
	if got, err := os.ReadFile(other); err != nil || string(got) != "theirs" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "made")); err == nil {
		t.Error("a file was made behind a dangling link")
	}
}

// TestHalf: what fails half way leaves what was there, and nothing beside it.
func TestHalf(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "letters.csv")
	if err := write(path, "whole"); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := newfile.Write(path, func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if got, _ := os.ReadFile(path); err != nil || len(entries) != 1 || string(got) != "whole" {
		t.Errorf("%v, %q", entries, got)
	}
}
