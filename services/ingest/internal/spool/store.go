package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// place is where a record of the file lies.
type place string

const (
	queued   place = "queue" // waits for Kafka, in order of arrival
	setAside place = "aside" // Kafka refused it; it is tried again, behind the others
)

var places = []place{queued, setAside}

// facts is the bucket of what is known of the others.
const facts = "facts"

// totals are how many records lie in a place, and what they weigh.
type totals struct{ events, bytes int64 }

// holding is all that the file holds after so many changes: of two, the one with the higher number is the later.
type holding struct {
	queue, aside totals
	changes      int64
}

func (h *holding) in(p place) *totals {
	if p == queued {
		return &h.queue
	}
	return &h.aside
}

func (h *holding) events() int64 { return h.queue.events + h.aside.events }
func (h *holding) bytes() int64  { return h.queue.bytes + h.aside.bytes }

// weight is what a record takes of the spool's size: beside its bytes, its key, and its share of a page.
func weight(value []byte) int64 { return int64(len(value)) + 64 }

// store is the file of records: the only place that knows bbolt. What it has written is on the disk when it returns.
type store struct {
	dir string
	mu  sync.RWMutex // a new file takes the old one's place
	db  *bbolt.DB

	unsynced atomic.Bool // the folder does not know the file for sure
	changes  int64       // of this process; within an update
}

// openStore opens the file of a folder that is claimed, or makes it. A file that cannot be read whole is refused, and left as it is.
func openStore(dir string) (*store, holding, error) {
	path := filepath.Join(dir, recordsFile)
	s := &store{dir: dir}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if s.db, err = makeFile(dir); err != nil {
			return nil, holding{}, fmt.Errorf("making the spool %s: %w", path, err)
		}
		s.unsynced.Store(true)
		return s, holding{}, nil
	}
	held, err := verify(path)
	if err == nil {
		s.db, err = openFile(path, false)
	}
	if err != nil {
		return nil, holding{}, fmt.Errorf("the spool %s cannot be read whole, and nothing of it was changed: to start without its events, run: mv %s %s.damaged: %w", path, path, path, err)
	}
	return s, held, nil
}

// update changes the file; when it returns nil, the change is on the disk.
func (s *store) update(change func(tx *bbolt.Tx, held *holding) error) (holding, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.unsynced.Load() {
		if err := syncFolder(s.dir); err != nil {
			return holding{}, fmt.Errorf("syncing the spool's folder: %w", err)
		}
		s.unsynced.Store(false)
	}
	held := holding{}
	err := guarded(func() error {
		return s.db.Update(func(tx *bbolt.Tx) (err error) {
			s.changes++
			held.changes = s.changes
			for _, p := range places {
				if *held.in(p), err = totalsIn(tx, p); err != nil {
					return err
				}
			}
			if err := change(tx, &held); err != nil {
				return err
			}
			for _, p := range places {
				t := held.in(p)
				value := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(t.events)), uint64(t.bytes))
				if err := tx.Bucket([]byte(facts)).Put([]byte(p), value); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return holding{}, err
	}
	return held, nil
}

func totalsIn(tx *bbolt.Tx, p place) (totals, error) {
	known := tx.Bucket([]byte(facts))
	if known == nil || tx.Bucket([]byte(p)) == nil {
		return totals{}, fmt.Errorf("%w: it is no spool's", errDamaged)
	}
	v := known.Get([]byte(p))
	if len(v) != 16 {
		return totals{}, nil // nothing was ever put there
	}
	return totals{events: int64(binary.BigEndian.Uint64(v)), bytes: int64(binary.BigEndian.Uint64(v[8:]))}, nil
}

// put appends records to the queue.
func (s *store) put(values [][]byte) (holding, error) {
	return s.update(func(tx *bbolt.Tx, held *holding) error {
		b, t := tx.Bucket([]byte(queued)), held.in(queued)
		b.FillPercent = 0.95 // it is only appended to
		for _, value := range values {
			n, err := b.NextSequence()
			if err != nil {
				return err
			}
			if err := b.Put(keyOf(n), value); err != nil {
				return err
			}
			t.events++
			t.bytes += weight(value)
		}
		return nil
	})
}

func keyOf(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// item is a record in the file.
type item struct {
	number uint64
	value  []byte
}

// read returns copies of the first records of a place whose numbers are above after: at most so many, and so many bytes but
// for the first.
func (s *store) read(p place, after uint64, events, bytes int) (items []item, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	err = guarded(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(p)).Cursor()
			for k, v := c.Seek(keyOf(after + 1)); k != nil && len(items) < events; k, v = c.Next() {
				if bytes -= len(v); bytes < 0 && len(items) > 0 {
					break
				}
				items = append(items, item{binary.BigEndian.Uint64(k), append([]byte(nil), v...)})
			}
			return nil
		})
	})
	return items, err
}

// settle takes records out of their place: those that are on Kafka, and those of the queue that are set aside.
func (s *store) settle(from place, done, aside []item) (holding, error) {
	return s.update(func(tx *bbolt.Tx, held *holding) error {
		b, t := tx.Bucket([]byte(from)), held.in(from)
		to, moved := tx.Bucket([]byte(setAside)), held.in(setAside)
		for _, it := range aside {
			if err := to.Put(keyOf(it.number), it.value); err != nil {
				return err
			}
			moved.events++
			moved.bytes += weight(it.value)
		}
		for _, list := range [][]item{done, aside} {
			for _, it := range list {
				if err := b.Delete(keyOf(it.number)); err != nil {
					return err
				}
				t.events--
				t.bytes -= weight(it.value)
			}
		}
		return nil
	})
}

// renew puts an empty file in the place of one that holds nothing any more: bbolt leaves what it deletes in the file.
func (s *store) renew() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	empty := false
	err := guarded(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			for _, p := range places {
				if k, _ := tx.Bucket([]byte(p)).Cursor().First(); k != nil {
					return nil
				}
			}
			empty = true
			return nil
		})
	})
	if err != nil || !empty {
		return err
	}
	db, err := makeFile(s.dir)
	if err != nil {
		return err
	}
	old := s.db
	s.db = db
	s.unsynced.Store(true)
	return old.Close()
}

// oldest is when the first record of all arrived; zero: there is none.
func (s *store) oldest() (oldest time.Time) {
	for _, p := range places {
		if items, err := s.read(p, 0, 1, 0); err == nil && len(items) > 0 {
			if at := arrivalOf(items[0].value); oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
		}
	}
	return oldest
}

func (s *store) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.db.Close()
}
