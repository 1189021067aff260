package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
)

// The files of a spool's folder.
const (
	recordsFile      = "spool.db"
	freshFile        = "spool.db.new" // becomes recordsFile
	probeFile        = "spool.probe"
	lockFile         = "spool.lock"
	installationFile = "installation.json"
)

// claim makes the folder and locks it for as long as this process lives. Records hold personal data, so that a folder or file
// that others may read is refused.
func claim(dir string) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the spool's folder %s: %w", dir, err)
	}
	if err := private(dir, 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{recordsFile, lockFile, installationFile} {
		if err := private(filepath.Join(dir, name), 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	l := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the spool's folder %s is not this user's: run: chown -R %d %s: %w", dir, os.Getuid(), dir, err)
	case err != nil:
		return nil, fmt.Errorf("locking the spool's folder %s: %w", dir, err)
	case !ok:
		return nil, fmt.Errorf("the spool's folder %s belongs to another ingest that runs: give each its own ingest.spool.dir", dir)
	}
	return l, writable(dir, l)
}

// private says what is wrong with who may use a file or folder.
func private(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("looking at the spool: %w", err)
	}
	switch {
	case mode == 0o700 && !info.IsDir():
		return fmt.Errorf("ingest.spool.dir is no folder: %s", path)
	case runtime.GOOS == "windows": // has other rights, which these bits do not show
		return nil
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("others may use %s (%04o), which holds personal data: run: chmod %o %s", path, info.Mode().Perm(), mode, path)
	case info.Mode().Perm()&mode != mode:
		return fmt.Errorf("this process may not use %s (%04o): run: chmod %o %s", path, info.Mode().Perm(), mode, path)
	}
	return nil
}

// writable tries to make a file. A disk that is full may have room later: that is no reason not to start.
func writable(dir string, l *flock.Flock) error {
	f, err := os.OpenFile(filepath.Join(dir, freshFile), os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if errors.Is(err, fs.ErrPermission) || readOnly(err) {
		return errors.Join(fmt.Errorf("the spool's folder %s cannot be written: run: chown -R %d %s, or name another ingest.spool.dir: %w", dir, os.Getuid(), dir, err), l.Unlock())
	}
	return nil
}

// tryDisk writes more than a commit does, and takes it away again.
func tryDisk(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, probeFile), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, groupBytes))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// syncFolder makes new and renamed files outlive a loss of power.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" { // it cannot sync a folder
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
