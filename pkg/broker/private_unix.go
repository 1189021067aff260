//go:build unix

package broker

import (
	"fmt"
	"os"
)

const othersMay = 0o077

// keepPrivate refuses a folder that others on this machine may enter: its records hold personal data in clear. An empty one, which
// nobody has read yet, is closed to them.
func keepPrivate(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&othersMay == 0 {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return os.Chmod(dir, 0o700) //nolint:gosec // a folder is entered
	}
	return fmt.Errorf("%w (%04o): chmod -R go= '%s'", ErrOpenToOthers, info.Mode().Perm(), dir)
}

// isPrivate says whether a file is its owner's alone.
func isPrivate(info os.FileInfo) bool { return info.Mode().Perm()&othersMay == 0 }
