//go:build unix

package broker

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// unprivileged makes this process one that file permissions hold for, until the test ends: root's do not.
func unprivileged(t *testing.T, owns ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	for _, path := range owns {
		for ; path != os.TempDir() && len(path) > 1; path = filepath.Dir(path) {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := syscall.Seteuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Seteuid(0); err != nil {
			t.Fatal(err)
		}
	})
}

// TestReadOnlyFolder (F65): a folder that can't be written is refused at the start, by its name, with what to do.
func TestReadOnlyFolder(t *testing.T) {
	top := t.TempDir()
	unprivileged(t, top)
	for name, make := range map[string]func(dir string) error{
		"read-only":         func(dir string) error { return os.Mkdir(dir, 0o500) },
		"below a read-only": func(dir string) error { return os.Mkdir(filepath.Dir(dir), 0o500) },
		"a file":            func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
		"a file below": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "kafka"), nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(top, strings.ReplaceAll(name, " ", "-"), "data")
			if name != "below a read-only" {
				if err := os.Mkdir(filepath.Dir(dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := make(dir); err != nil {
				t.Fatal(err)
			}
			r := &rig{t: t, dir: dir, log: &heard{}}
			if err := r.try(); !errors.Is(err, ErrUnwritable) || !strings.Contains(err.Error(), dir) {
				t.Errorf("started: %v", err)
			}
		})
	}
}

// TestFolderTurnsReadOnly (F65): while it runs, a folder that can't be written any more is as a full disk.
func TestFolderTurnsReadOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	unprivileged(t, dir)
	r := newRig(t, dir)
	r.create("events", "segment.bytes", "1000")
	mode := func(mode os.FileMode) {
		t.Helper()
		for _, path := range []string{r.disk.kafka(), filepath.Join(partitionsPath(r.disk.kafka()), "events-0")} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	l := r.load("events", 300)
	eventually(t, "first records", func() bool { return l.count() > 10 })
	mode(0o500)
	eventually(t, "it is noticed", func() bool { return errors.Is(r.Err(), os.ErrPermission) })
	if err := r.put("events", "refused"); err == nil {
		t.Error("a record was accepted")
	}
	if n := r.log.lines("level=ERROR", "let the user that runs this process write there"); n != 1 {
		t.Errorf("%d errors in the log", n)
	}
	before := l.count()
	mode(0o700)
	eventually(t, "it goes on", func() bool { return r.Err() == nil && l.count() > before+10 })
	l.end()
	r.stop()
	r.start()
	r.mustHold("events", l.acked)
}
