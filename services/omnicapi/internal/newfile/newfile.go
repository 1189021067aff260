// Package newfile writes the files that commands leave: whole or not at all, for their owner alone, and never through a link
// that somebody else has put where the file is to be. It refuses to write into what is no file.
package newfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write makes a file of mode 0600 of what fill writes. A file that is there is replaced by a new one, when fill has
// succeeded; what is no regular file, a link among them, is an error.
func Write(path string, fill func(w io.Writer) error) (err error) {
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return cause(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("it is a link: name the file itself, or remove the link")
	case !info.Mode().IsRegular():
		return errors.New("it is no regular file")
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // O_EXCL, 0600: nobody else's name
	if err != nil {
		return cause(err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // half a file is none
		}
	}()
	if err := errors.Join(fill(f), f.Close()); err != nil {
		return err
	}
	return cause(os.Rename(f.Name(), path)) // over a link that has come since: the link goes, not what it points to
}

// cause is an error of the file system without its path: the caller names the file.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("%s: %w", link.Op, link.Err)
	}
	return err
}
