package broker

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// room is what the disk must have free before a broker that could not write goes on: a batch of the largest size, and what
// is noted beside it.
const room = topic.MaxLetterBytes + 64<<10

// disk knows whether the data folder takes writes. What failed once fails until the broker has been opened anew.
type disk struct {
	dir    string // data folder
	sync   bool   // an acknowledged batch is on the disk itself, not only with the operating system
	log    *slog.Logger
	failed chan struct{} // something wants the broker to be opened anew
	mu     sync.Mutex
	fsyncs func(path string) error // a test may break it
	cause  error
	said   string // the cause in the log
	tries  int    // openings since a write was last acknowledged
	files  map[string]*flusher
	names  map[[16]byte]string // topics by id
}

func newDisk(o Options) *disk {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &disk{
		dir: o.Dir, sync: o.Sync, log: log, fsyncs: fsync, failed: make(chan struct{}, 1),
		files: map[string]*flusher{}, names: map[[16]byte]string{},
	}
}

// kafka is the folder in which kfake keeps everything.
func (d *disk) kafka() string { return kafkaPath(d.dir) }

func kafkaPath(dir string) string { return filepath.Join(dir, "kafka") }

// Err is nil while the disk takes writes; else its text names folder and cause.
func (d *disk) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cause == nil {
		return nil
	}
	return fmt.Errorf("the disk of the data folder %s takes no writes: %w", d.dir, d.cause)
}

// fail notes that a write did not reach the disk. One cause is one line in the log.
func (d *disk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cause != nil {
		return
	}
	d.cause = err
	if text := err.Error(); d.tries == 0 || text != d.said {
		d.said = text
		d.log.Error("the disk takes no writes: nothing is accepted until it does", "folder", d.dir, "error", err, "do", remedy(err))
	}
	select {
	case d.failed <- struct{}{}:
	default:
	}
}

// reopened says that the broker has what the disk has, and tries to write again.
func (d *disk) reopened() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cause = nil
	if d.tries++; d.tries == 1 {
		d.log.Info("the disk has room again: writing goes on", "folder", d.dir)
	}
}

// wrote says that a write was acknowledged.
func (d *disk) wrote() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cause == nil {
		d.tries = 0
	}
}

// pause is what to wait before the broker is opened anew: longer when that did not help.
func (d *disk) pause() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return min(probeEvery<<min(d.tries, 10), probeAtMost)
}

// How often a disk that takes no writes is tried.
const (
	probeEvery  = 250 * time.Millisecond
	probeAtMost = 15 * time.Second
)

// probe writes as much as room and takes it away again.
func (d *disk) probe() (err error) {
	if err := os.MkdirAll(d.kafka(), 0o700); err != nil {
		return err
	}
	path := filepath.Join(d.kafka(), "probe")
	defer func() {
		if removed := os.Remove(path); err == nil && removed != nil {
			err = removed
		}
	}()
	bytes := make([]byte, room)
	_, _ = rand.Read(bytes) // never fails; some file systems store zeros nowhere
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		return err
	}
	return d.fsync(path)
}

// there says whether the folder is still where it was: files that were removed can be written to, and lose it all.
func (d *disk) there() error {
	_, err := os.Stat(metaPath(d.kafka()))
	return err
}

// fsync is the function of that name, or a test's.
func (d *disk) fsync(path string) error {
	d.mu.Lock()
	f := d.fsyncs
	d.mu.Unlock()
	return f(path)
}

// fsync waits until the file's or the folder's content is on the disk.
func fsync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// full says whether an error goes away with more room.
func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// remedy says what to do about a write that failed.
func remedy(err error) string {
	switch {
	case full(err):
		return "make room on the disk, or raise the quota"
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return "let the user that runs this process write there"
	case errors.Is(err, syscall.ENOTDIR):
		return "it is no folder"
	case errors.Is(err, os.ErrNotExist):
		return "put the folder back"
	}
	return "look at the disk"
}
