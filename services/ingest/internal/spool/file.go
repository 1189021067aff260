package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
)

// openFile opens a file of bbolt's. The folder's lock is held, so that nobody holds the file's for long. bbolt panics over what it
// cannot read, and then leaves the file open.
func openFile(path string, readOnly bool) (db *bbolt.DB, err error) {
	var file *os.File
	err = guarded(func() error {
		db, err = bbolt.Open(path, 0o600, options(readOnly, &file))
		return err
	})
	if err != nil {
		if file != nil {
			_ = file.Close() // bbolt may have done so
		}
		return nil, err
	}
	db.AllocSize = 1 << 20
	return db, nil
}

// options are bbolt's; file is what it opens.
func options(readOnly bool, file **os.File) *bbolt.Options {
	return &bbolt.Options{
		Timeout: 5 * time.Second, ReadOnly: readOnly,
		OpenFile: func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
			f, err = os.OpenFile(name, flag, mode)
			*file = f
			return f, err
		},
		NoSync:         false,                 // a commit is on the disk when it returns
		NoFreelistSync: true,                  // less to write; verify has read the file anyway
		FreelistType:   bbolt.FreelistMapType, // of a queue, free pages lie everywhere
	}
}

// makeFile makes an empty file in the place of what was there. It is complete before it has its name.
func makeFile(dir string) (*bbolt.DB, error) {
	fresh := filepath.Join(dir, freshFile)
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	db, err := openFile(fresh, false)
	if err != nil {
		return nil, err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{facts, string(queued), string(setAside)} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = os.Rename(fresh, filepath.Join(dir, recordsFile))
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

var errDamaged = errors.New("it is damaged")

// verify reads all of a file: every record, and that none is missing.
func verify(path string) (held holding, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return held, err
	}
	if info.Size() == 0 {
		return held, fmt.Errorf("%w: it is empty", errDamaged)
	}
	err = guarded(func() error {
		db, err := openFile(path, true)
		if err != nil {
			return err
		}
		defer db.Close()
		return db.View(func(tx *bbolt.Tx) error {
			if size := tx.Size(); size > info.Size() {
				return fmt.Errorf("%w: it ends after %d of %d bytes", errDamaged, info.Size(), size)
			}
			for _, p := range places {
				want, err := totalsIn(tx, p)
				if err != nil {
					return err
				}
				var got totals
				unreadable := 0
				var last []byte
				b := tx.Bucket([]byte(p))
				err = b.ForEach(func(key, value []byte) error {
					// Get goes by the branches above the leaf: what is damaged there makes bbolt fault, here where it is caught.
					if _, err := decodeRecord(value); err != nil || len(key) != 8 || bytes.Compare(key, last) <= 0 || !bytes.Equal(b.Get(key), value) {
						unreadable++
					}
					last = key
					got.events++
					got.bytes += weight(value)
					return nil
				})
				if err != nil {
					return err
				}
				if unreadable > 0 || got != want {
					return fmt.Errorf("%w: of %d events %d are there, and %d of them cannot be read", errDamaged, want.events, got.events, unreadable)
				}
				*held.in(p) = got
			}
			return nil
		})
	})
	return held, err
}

// guarded makes errors of bbolt's panics, and of faults in memory that is mapped from the file.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errDamaged, v)
		}
	}()
	return do()
}
