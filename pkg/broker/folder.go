package broker

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// folder is a data folder held by this process: broker.lock is locked for as long as the broker runs, broker.addr says
// where it listens (and which port to take again), broker.password what its clients must know.
type folder struct {
	dir  string
	lock *flock.Flock
}

func lockPath(dir string) string { return filepath.Join(dir, "broker.lock") }
func addrPath(dir string) string { return filepath.Join(dir, "broker.addr") }

// claim makes the folder (0700: records hold personal data) and locks it.
func claim(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(dir, err)
	}
	if err := keepPrivate(dir); err != nil {
		return nil, fmt.Errorf("starting the embedded broker on %s: %w", dir, err)
	}
	l := flock.New(lockPath(dir))
	ok, err := l.TryLock()
	if err != nil {
		return nil, unwritable(dir, err)
	}
	if !ok {
		return nil, fmt.Errorf("starting the embedded broker on %s: %w", dir, ErrInUse)
	}
	return &folder{dir: dir, lock: l}, nil
}

func unwritable(dir string, err error) error {
	return fmt.Errorf("starting the embedded broker on %s: %w (%s): %w", dir, ErrUnwritable, remedy(err), err)
}

func (f *folder) lastPort() int {
	addr, err := os.ReadFile(addrPath(f.dir))
	if err != nil {
		return 0
	}
	_, port, err := net.SplitHostPort(strings.TrimSpace(string(addr)))
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return 0
	}
	return n
}

// publish writes the address whole: a reader never sees half of it. What is there already is not written: the disk may be full.
func (f *folder) publish(addr string) error {
	text := []byte(addr + "\n")
	if old, err := os.ReadFile(addrPath(f.dir)); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := writeWhole(addrPath(f.dir), text); err != nil {
		return fmt.Errorf("writing the broker's address: %w", err)
	}
	return nil
}

func writeWhole(path string, text []byte) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func (f *folder) release() error {
	if err := f.lock.Unlock(); err != nil {
		return fmt.Errorf("unlocking the data folder: %w", err)
	}
	return nil
}

// AddrIn returns the address of the broker that runs on a data folder, for other commands; ErrNotRunning if none does.
func AddrIn(dir string) (string, error) {
	addr, err := os.ReadFile(addrPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("looking for a broker on %s: %w", dir, ErrNotRunning)
	}
	if err != nil {
		return "", fmt.Errorf("reading the broker's address: %w", err)
	}
	l := flock.New(lockPath(dir))
	held, err := l.TryRLock()
	if err != nil {
		return "", fmt.Errorf("looking at the data folder's lock: %w", err)
	}
	if held { // nobody has it: the address is a leftover
		if err := l.Unlock(); err != nil {
			return "", fmt.Errorf("looking at the data folder's lock: %w", err)
		}
		return "", fmt.Errorf("looking for a broker on %s: %w", dir, ErrNotRunning)
	}
	return strings.TrimSpace(string(addr)), nil
}
