//go:build unix

package broker

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFolderOpenToOthers: what others may enter is refused, with the command that mends it, and not touched; an empty folder is
// closed to them.
func TestFolderOpenToOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "the data")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, dir)
	if code := r.create("events"); code != 0 {
		t.Fatalf("creating a topic: %d", code)
	}
	r.stop()
	if mode := modeOf(t, dir); mode != 0o700 {
		t.Errorf("the folder's mode is %04o", mode)
	}
	for _, mode := range []os.FileMode{0o750, 0o701, 0o704} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if err := r.try(); !errors.Is(err, ErrOpenToOthers) || !strings.Contains(err.Error(), "chmod -R go= '"+dir+"'") {
			t.Errorf("%04o: %v", mode, err)
		}
		if is := modeOf(t, dir); is != mode {
			t.Errorf("the mode %04o became %04o", mode, is)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.start()
}

func modeOf(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}
