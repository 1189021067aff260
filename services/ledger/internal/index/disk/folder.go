package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// claim makes the folder. Event ids and amounts are nobody else's business: one that others may use is refused.
func claim(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making ledger.dir: %w", err)
	}
	if err := isPrivate(dir, 0o700); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, indexPrefix+"*", "*"))
	if err != nil {
		return fmt.Errorf("looking at ledger.dir: %w", err)
	}
	for _, file := range files {
		if err := isPrivate(file, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// isPrivate says what is wrong with who may use a file or folder.
func isPrivate(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("looking at ledger.dir: %w", err)
	}
	switch {
	case mode == 0o700 && !info.IsDir():
		return fmt.Errorf("ledger.dir is no folder: %s", path)
	case runtime.GOOS == "windows": // has other rights, which these bits do not show
		return nil
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("ledger.dir: others may use %s (%04o): run: chmod %o %s", path, info.Mode().Perm(), mode, path)
	case info.Mode().Perm()&mode != mode:
		return fmt.Errorf("ledger.dir: this process may not use %s (%04o): run: chmod %o %s", path, info.Mode().Perm(), mode, path)
	}
	return nil
}

// private makes files and folders that no other user may use.
type private struct{ vfs.FS }

// Create implements vfs.FS.
func (p private) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := p.FS.Create(name, category)
	return closed(f, err, name)
}

// OpenReadWrite implements vfs.FS.
func (p private) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	f, err := p.FS.OpenReadWrite(name, category, opts...)
	return closed(f, err, name)
}

// Lock implements vfs.FS.
func (p private) Lock(name string) (io.Closer, error) {
	l, err := p.FS.Lock(name)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// MkdirAll implements vfs.FS.
func (p private) MkdirAll(dir string, _ os.FileMode) error { return p.FS.MkdirAll(dir, 0o700) }

func closed(f vfs.File, err error, name string) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
