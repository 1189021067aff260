package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

var errUnreadable = errors.New("what is stored cannot be read")

func isDamage(err error) bool { return pebble.IsCorruptionError(err) || errors.Is(err, errUnreadable) }

// damage notes that the store cannot be used any more, for the next start too.
func (s *Store) damage(err error) {
	wrong := fmt.Errorf("%w: start the ledger again, and it builds it anew from Kafka: %w", index.ErrDamaged, err)
	if !s.damaged.CompareAndSwap(nil, &wrong) {
		return
	}
	f, err := s.fs.Create(filepath.Join(s.dir, damagedFile), vfs.WriteCategoryUnspecified)
	if err == nil {
		err = f.Close()
	}
	s.log.Error("the ledger's store", "error", wrong, "noting it", err)
}

// Err implements index.Store.
func (s *Store) Err() error {
	if err := s.damaged.Load(); err != nil {
		return *err
	}
	if err := s.full.Load(); err != nil {
		return *err
	}
	return nil
}

// room says whether the disk has room for more; pebble must not meet a full one.
func (s *Store) room() error {
	if err := s.damaged.Load(); err != nil {
		return *err
	}
	free, err := s.free()
	if err != nil {
		return fmt.Errorf("asking for the room in %s: %w", s.dir, err)
	}
	if free < s.reserve {
		full := fmt.Errorf("%w: %s has %d MiB left, and %d MiB are kept free: make room, or shorten ledger.retention; it goes on by itself",
			index.ErrFull, s.dir, free>>20, s.reserve>>20)
		s.full.Store(&full)
		return full
	}
	s.full.Store(nil)
	return nil
}

// State implements index.Store.
func (s *Store) State(topic index.Topic) index.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := index.State{ID: s.ids[topic], Next: map[int]int64{}}
	for p, next := range s.next {
		if p.topic == topic {
			state.Next[p.partition] = next
		}
	}
	return state
}

// Begin implements index.Store.
func (s *Store) Begin(topic index.Topic, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[topic] == id {
		return nil
	}
	if err := s.room(); err != nil {
		return err
	}
	generation := s.generation[topic]
	b := s.db.NewBatch()
	defer b.Close()
	if s.ids[topic] != "" {
		generation++
		if err := b.DeleteRange([]byte{keyNext, byte(topic)}, []byte{keyNext, byte(topic) + 1}, nil); err != nil {
			return s.failed("writing", err)
		}
	}
	if err := b.Set(topicKey(topic), append(binary.AppendUvarint(nil, generation), id...), nil); err != nil {
		return s.failed("writing", err)
	}
	if err := b.Commit(pebble.NoSync); err != nil {
		return s.failed("writing", err)
	}
	s.ids[topic], s.generation[topic] = id, generation
	for p := range s.next {
		if p.topic == topic {
			delete(s.next, p)
		}
	}
	return nil
}

// Rebuild implements index.Store.
func (s *Store) Rebuild() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.db.DeleteRange([]byte{0}, []byte{0xff}, pebble.NoSync); err != nil {
		return s.failed("emptying", err)
	}
	s.counted.forget()
	return s.load()
}

// Expire implements index.Store.
func (s *Store) Expire(before time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.damaged.Load(); err != nil {
		return *err
	}
	end := dayOf(before)
	b := s.db.NewBatch()
	defer b.Close()
	for _, kind := range byDay {
		if err := b.DeleteRange([]byte{kind}, dayKey(kind, end), nil); err != nil {
			return s.failed("expiring", err)
		}
	}
	for _, kind := range []byte{keyLoss, keyCounted} {
		if err := s.expireValues(b, kind, end); err != nil {
			return s.failed("expiring", err)
		}
	}
	if err := b.Commit(pebble.NoSync); err != nil {
		return s.failed("expiring", err)
	}
	s.counted.forget()
	return nil
}

// expireValues removes the keys of a kind whose values begin with a day before end.
func (s *Store) expireValues(b *pebble.Batch, kind byte, end uint16) (err error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{kind}, UpperBound: []byte{kind + 1}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		value, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		if len(value) < 2 || binary.BigEndian.Uint16(value) < end {
			if err := b.Delete(it.Key(), nil); err != nil {
				return err
			}
		}
	}
	return it.Error()
}

// Stats implements index.Store.
func (s *Store) Stats() (stats index.Stats, err error) {
	stats.Bytes = int64(s.db.Metrics().DiskSpaceUsage())
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{keyLoss}, UpperBound: []byte{keyRecord + 1}})
	if err != nil {
		return stats, s.read(err)
	}
	defer func() { err = s.read(errors.Join(err, it.Close())) }()
	for ok := it.First(); ok && it.Key()[0] == keyLoss; ok = it.Next() {
		if value := it.Value(); len(value) > 2 {
			n, _ := binary.Uvarint(value[2:])
			stats.Lost += int64(n)
		}
	}
	if it.SeekGE([]byte{keyRecord}) && len(it.Key()) > 2 {
		stats.Earliest = startOf(binary.BigEndian.Uint16(it.Key()[1:]))
	}
	return stats, it.Error()
}
