package disk

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// Event implements index.Store.
func (s *Store) Event(id string) (index.Found, error) {
	var found index.Found
	err := s.lookup(keyEvent, id, func(a address, i int) (bool, error) {
		if len(found.Fates) >= index.MaxFound || len(found.Letters) >= index.MaxFound {
			found.More = true
			return false, nil
		}
		if a.topic == index.Letters {
			l, err := s.letter(a)
			if err == nil && l != nil && l.EventID == id {
				found.Letters = append(found.Letters, *l)
			}
			return true, err
		}
		o, err := s.outcome(a, i)
		if err == nil && o != nil && o.Events[0].ID == id {
			found.Fates = append(found.Fates, fateOf(o))
		}
		return true, err
	})
	return found, s.read(err)
}

func fateOf(o *event.Outcome) index.Fate {
	f := index.Fate{Outcome: o, Event: o.Events[0]}
	o.Events = nil
	return f
}

// fates calls fn with the fates of an id until it returns false.
func (s *Store) fates(id string, fn func(index.Fate) bool) error {
	return s.lookup(keyEvent, id, func(a address, i int) (bool, error) {
		if a.topic != index.Outcomes {
			return true, nil
		}
		o, err := s.outcome(a, i)
		if err != nil || o == nil || o.Events[0].ID != id {
			return true, err
		}
		return fn(fateOf(o)), nil
	})
}

// Batch implements index.Store.
func (s *Store) Batch(id string) ([]*event.Outcome, error) {
	return s.outcomes(keyBatch, id, func(o *event.Outcome) bool { return o.BatchID == id })
}

// FBTrace implements index.Store.
func (s *Store) FBTrace(id string) ([]*event.Outcome, error) {
	return s.outcomes(keyFBTrace, id, func(o *event.Outcome) bool { return o.FBTraceID == id })
}

func (s *Store) outcomes(kind byte, id string, is func(*event.Outcome) bool) ([]*event.Outcome, error) {
	var found []*event.Outcome
	err := s.lookup(kind, id, func(a address, _ int) (bool, error) {
		o, err := s.outcome(a, index.AllEvents)
		if err == nil && o != nil && is(o) {
			found = append(found, o)
		}
		return len(found) < index.MaxFound, err
	})
	return found, s.read(err)
}

// lookup calls fn with the addresses that an id has, day by day, until it returns false.
func (s *Store) lookup(kind byte, id string, fn func(a address, i int) (bool, error)) (err error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{kind}, UpperBound: []byte{kind + 1}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; {
		day := binary.BigEndian.Uint16(it.Key()[1:])
		prefix := lookupKey(kind, day, id)
		for ok = it.SeekGE(prefix); ok && len(it.Key()) > len(prefix) && string(it.Key()[:len(prefix)]) == string(prefix); ok = it.Next() {
			a, rest, good := readAddress(day, it.Key()[len(prefix):])
			if !good {
				return errKey
			}
			i, _ := binary.Uvarint(rest) // none: of a batch
			if more, err := fn(a, int(i)); err != nil || !more {
				return err
			}
		}
		if !ok || day == 1<<16-1 {
			break
		}
		ok = it.SeekGE(dayKey(kind, day+1))
	}
	return it.Error()
}

var errKey = fmt.Errorf("%w: a key", errUnreadable)

// outcome reads the outcome at an address; nil: it has expired.
func (s *Store) outcome(a address, only int) (o *event.Outcome, err error) {
	err = s.get(a.recordKey(), func(value []byte) (err error) {
		o, err = index.DecodeOutcome(value, only)
		return err
	})
	return o, err
}

func (s *Store) letter(a address) (l *index.Letter, err error) {
	err = s.get(a.recordKey(), func(value []byte) (err error) {
		if l, err = index.DecodeLetter(value); err == nil {
			l.Place = index.Place{Topic: a.topic, Partition: a.partition, Offset: a.offset, Time: l.FailedAt}
		}
		return err
	})
	return l, err
}

// get calls fn with a key's value, if it has one.
func (s *Store) get(key []byte, fn func(value []byte) error) error {
	value, closer, err := s.db.Get(key)
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	if err := fn(value); err != nil {
		return errors.Join(errUnreadable, err, closer.Close())
	}
	return closer.Close()
}

// read makes an error of reading one of the ledger's.
func (s *Store) read(err error) error {
	switch {
	case err == nil:
		return nil
	case isDamage(err):
		s.damage(err)
		return s.Err()
	}
	return fmt.Errorf("reading the ledger's store: %w", err)
}
