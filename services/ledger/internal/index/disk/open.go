package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// The files of the ledger's folder. The index is a folder named by its layout: one of another layout is removed, and all is read again.
const (
	lockFile    = "lock"
	indexPrefix = "index-"
	layout      = indexPrefix + "1"
	damagedFile = "damaged" // the index is to be built anew
)

// Options says where the store is.
type Options struct {
	Dir     string
	Log     *slog.Logger
	Reserve uint64 // bytes of the disk that are left to others, and to what is written behind an Apply; 0: DefaultReserve

	fs   vfs.FS                 // tests: in memory
	free func() (uint64, error) // tests
}

// DefaultReserve is more than what pebble writes between two looks at the disk.
const DefaultReserve = 256 << 20

// Store is the index on disk.
type Store struct {
	dir     string
	log     *slog.Logger
	db      *pebble.DB
	fs      vfs.FS
	lock    io.Closer
	reserve uint64
	free    func() (uint64, error)

	mu         sync.Mutex // of writing
	next       map[part]int64
	ids        map[index.Topic]string
	generation map[index.Topic]uint64
	counted    *counted

	full    atomic.Pointer[error]
	damaged atomic.Pointer[error]
}

var _ index.Store = (*Store)(nil)

// Open opens the store of a folder, which it makes (0700). One that others may use is refused. What is of another layout, or damaged, is
// removed, and the log says so: State is empty then, and all is to be read again.
func Open(o Options) (*Store, error) {
	s := &Store{dir: o.Dir, log: o.Log, fs: o.fs, reserve: o.Reserve, free: o.free}
	if s.reserve == 0 {
		s.reserve = DefaultReserve
	}
	if s.fs == nil {
		if err := claim(o.Dir); err != nil {
			return nil, err
		}
		s.fs = private{vfs.Default}
	}
	if s.free == nil {
		s.free = func() (uint64, error) {
			u, err := s.fs.GetDiskUsage(o.Dir)
			return u.AvailBytes, err
		}
	}
	lock, err := s.fs.Lock(filepath.Join(o.Dir, lockFile))
	if err != nil {
		return nil, fmt.Errorf("ledger.dir: %s is in use by another ledger, or cannot be locked: %w", o.Dir, err)
	}
	s.lock = lock
	if err := s.open(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return s, nil
}

func (s *Store) open() error {
	if err := s.removeOthers(); err != nil {
		return err
	}
	err := s.openIndex()
	if isDamage(err) || errors.Is(err, fs.ErrNotExist) { // a file that is missing, too
		s.log.Error("the ledger's store is damaged: building it anew from Kafka", "dir", s.dir, "error", err)
		if err := s.fs.RemoveAll(s.index()); err != nil {
			return fmt.Errorf("removing the damaged store: %w", err)
		}
		err = s.openIndex()
	}
	return err
}

func (s *Store) index() string { return filepath.Join(s.dir, layout) }

// removeOthers removes what is of another layout, or known to be damaged.
func (s *Store) removeOthers() error {
	names, err := s.fs.List(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading ledger.dir: %w", err)
	}
	for _, name := range names {
		if name == damagedFile {
			s.log.Warn("the ledger's store was damaged: building it anew from Kafka", "dir", s.dir)
			if err := s.fs.RemoveAll(s.index()); err != nil {
				return fmt.Errorf("removing the damaged store: %w", err)
			}
			if err := s.fs.Remove(filepath.Join(s.dir, damagedFile)); err != nil {
				return fmt.Errorf("removing the damaged store: %w", err)
			}
		}
		if strings.HasPrefix(name, indexPrefix) && name != layout {
			s.log.Warn("the ledger's store has another layout: building it anew from Kafka", "dir", s.dir, "was", name, "is", layout)
			if err := s.fs.RemoveAll(filepath.Join(s.dir, name)); err != nil {
				return fmt.Errorf("removing a store of another layout: %w", err)
			}
		}
	}
	return nil
}

func (s *Store) openIndex() error {
	o := &pebble.Options{
		FS:                          s.fs,
		Merger:                      merger,
		FormatMajorVersion:          pebble.FormatNewest,
		Logger:                      logger{s.log},
		MemTableSize:                16 << 20,
		MemTableStopWritesThreshold: 4,
		L0CompactionThreshold:       2,
		LBaseMaxBytes:               64 << 20,
		EventListener: &pebble.EventListener{
			BackgroundError: func(err error) { s.log.Warn("the ledger's store", "error", err) },
			DataCorruption:  func(i pebble.DataCorruptionInfo) { s.damage(i.Details) },
		},
	}
	cache := pebble.NewCache(32 << 20)
	defer cache.Unref()
	o.Cache = cache
	o.ApplyCompressionSettings(func() pebble.DBCompressionSettings { return pebble.DBCompressionGood })
	for i := range o.Levels {
		o.Levels[i].BlockSize = 16 << 10
	}
	db, err := pebble.Open(s.index(), o)
	if err != nil {
		return fmt.Errorf("opening the ledger's store: %w", err)
	}
	s.db, s.counted = db, newCounted(db)
	if err := s.load(); err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

// load reads how far the topics were read.
func (s *Store) load() (err error) {
	s.next, s.ids, s.generation = map[part]int64{}, map[index.Topic]string{}, map[index.Topic]uint64{}
	for _, t := range index.Topics {
		err := s.get(topicKey(t), func(value []byte) error {
			generation, n := binary.Uvarint(value)
			if n <= 0 {
				return errUnreadable
			}
			s.generation[t], s.ids[t] = generation, string(value[n:])
			return nil
		})
		if err != nil {
			return fmt.Errorf("opening the ledger's store: %w", err)
		}
	}
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{keyNext}, UpperBound: []byte{keyNext + 1}})
	if err != nil {
		return fmt.Errorf("opening the ledger's store: %w", err)
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		next, n := binary.Uvarint(it.Value())
		if key := it.Key(); n > 0 && len(key) == 6 {
			s.next[part{index.Topic(key[1]), int(binary.BigEndian.Uint32(key[2:]))}] = int64(next)
		}
	}
	return it.Error()
}

// Close ends the store. What was applied is on the disk then.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.Err() == nil {
		err = s.db.Flush()
	}
	if err = errors.Join(err, s.db.Close(), s.lock.Close()); err != nil {
		return fmt.Errorf("closing the ledger's store: %w", err)
	}
	return nil
}

// logger is pebble's log. What it cannot go on after ends the process: it is started again, and reads on.
type logger struct{ log *slog.Logger }

// Infof implements pebble.Logger: what pebble does all day is of no interest.
func (logger) Infof(string, ...any) {}

// Errorf implements pebble.Logger.
func (l logger) Errorf(format string, args ...any) {
	l.log.Error("the ledger's store", "error", fmt.Sprintf(format, args...))
}

// Fatalf implements pebble.Logger.
func (l logger) Fatalf(format string, args ...any) {
	l.Errorf(format, args...)
	os.Exit(1) //nolint:revive // deep-exit: pebble must not go on, and panics are for what is wrong in this program
}
