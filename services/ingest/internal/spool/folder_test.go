package spool

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFolderIsRefused: a folder or file that others may use, that is no folder, that cannot be written, or that another ingest
// has, is refused with what mends it.
func TestFolderIsRefused(t *testing.T) {
	r := newRig(t)
	r.put("a")
	if err := r.try(); err == nil || !strings.Contains(err.Error(), "another ingest") || !strings.Contains(err.Error(), r.o.Dir) {
		t.Errorf("in use: %v", err)
	}
	r.close()
	for _, c := range []struct {
		path     string
		bad, was os.FileMode
		want     string
	}{
		{"", 0o755, 0o700, "run: chmod 700 " + r.o.Dir},
		{"", 0o770, 0o700, "run: chmod 700 " + r.o.Dir},
		{"", 0o500, 0o700, "run: chmod 700 " + r.o.Dir},
		{recordsFile, 0o644, 0o600, "run: chmod 600 " + filepath.Join(r.o.Dir, recordsFile)},
		{lockFile, 0o660, 0o600, "run: chmod 600 "},
		{installationFile, 0o604, 0o600, "run: chmod 600 "},
		{recordsFile, 0o400, 0o600, "run: chmod 600 "},
	} {
		path := filepath.Join(r.o.Dir, c.path)
		if err := os.Chmod(path, c.bad); err != nil {
			t.Fatal(err)
		}
		if err := r.try(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %o: %v", c.path, c.bad, err)
			r.close()
		}
		if err := os.Chmod(path, c.was); err != nil {
			t.Fatal(err)
		}
	}
	dir := r.o.Dir
	r.o.Dir = filepath.Join(dir, recordsFile)
	if err := r.try(); err == nil || !strings.Contains(err.Error(), r.o.Dir) {
		t.Errorf("a file: %v", err)
	}
	r.o.Dir = "/proc/spool"
	if err := r.try(); err == nil || !strings.Contains(err.Error(), r.o.Dir) {
		t.Errorf("no place for a folder: %v", err)
	}
	r.o.Dir = dir
	r.open()
	if got := r.contents(queued); len(got) != 1 {
		t.Errorf("%v", got)
	}
	for _, name := range []string{"", recordsFile, lockFile, installationFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

// TestMarkThatSaysNothing: a mark that cannot be read is refused by its name.
func TestMarkThatSaysNothing(t *testing.T) {
	r := newRig(t)
	r.put("a")
	r.close()
	for _, text := range []string{"", "{", "{}", "null"} {
		if err := os.WriteFile(filepath.Join(r.o.Dir, installationFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.try(); err == nil || !strings.Contains(err.Error(), "run: rm "+filepath.Join(r.o.Dir, installationFile)) {
			t.Errorf("%q: %v", text, err)
			r.close()
		}
	}
}
