package disk

import (
	"encoding/binary"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// part is a partition of a topic.
type part struct {
	topic     index.Topic
	partition int
}

// write is one atomic batch while it is put together.
type write struct {
	store *Store
	batch *pebble.Batch
	next  map[part]int64
	sums  map[index.Facts]sum
}

func (s *Store) begin() *write {
	return &write{store: s, batch: s.db.NewBatch(), next: map[part]int64{}, sums: map[index.Facts]sum{}}
}

// Apply implements index.Store.
func (s *Store) Apply(records []index.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.room(); err != nil {
		return err
	}
	w := s.begin()
	for i := range records {
		r := &records[i]
		p := part{r.Topic, r.Partition}
		if r.Offset < max(w.next[p], s.next[p]) {
			continue
		}
		if r.Outcome != nil {
			again, err := w.mayBeCounted(r.Outcome)
			if err != nil {
				return s.failed("reading", err)
			}
			if again { // then all that came before is to be read
				if err := w.commit(); err != nil {
					return err
				}
				w = s.begin()
			}
		}
		if err := w.add(r); err != nil {
			return s.failed("adding to", err)
		}
		w.next[p] = r.Offset + 1
	}
	return w.commit()
}

// failed makes an error of the store's one of the ledger's; what is in memory may not be what is on the disk.
func (s *Store) failed(doing string, err error) error {
	s.counted.forget()
	if isDamage(err) {
		s.damage(err)
		return s.Err()
	}
	return fmt.Errorf("%s the ledger's store: %w", doing, err)
}

// commit writes the batch, without waiting for the disk.
func (w *write) commit() error {
	s := w.store
	defer w.batch.Close()
	for f, n := range w.sums {
		if n == (sum{}) {
			continue
		}
		value := n.encode()
		for level := range levels {
			if err := w.batch.Merge(sumKey(byte(level), &f), value, nil); err != nil {
				return s.failed("adding to", err)
			}
		}
	}
	for p, next := range w.next {
		if err := w.batch.Set(nextKey(p.topic, p.partition), binary.AppendUvarint(nil, uint64(next)), nil); err != nil {
			return s.failed("adding to", err)
		}
	}
	if err := s.counted.write(w.batch); err != nil {
		return s.failed("adding to", err)
	}
	if w.batch.Empty() {
		return nil
	}
	if err := w.batch.Commit(pebble.NoSync); err != nil {
		return s.failed("writing", err)
	}
	for p, next := range w.next {
		s.next[p] = next
	}
	return nil
}

// mayBeCounted says whether a record of the outcome's events may have been counted before.
func (w *write) mayBeCounted(o *event.Outcome) (bool, error) {
	for i := range o.Events {
		f := &o.Events[i]
		if !index.Counts(f) {
			continue
		}
		k, err := w.store.counted.of(f.Topic, f.Partition, f.Offset)
		if err != nil || k.has(f.Offset) {
			return true, err
		}
	}
	return false, nil
}

// add adds a record.
func (w *write) add(r *index.Record) error {
	at := address{dayOf(r.Time), r.Topic, w.store.generation[r.Topic], r.Partition, r.Offset}
	switch {
	case r.Outcome != nil:
		return w.outcome(at, r.Outcome)
	case r.Loss != nil:
		value := binary.AppendUvarint(binary.BigEndian.AppendUint16(nil, at.day), uint64(r.Loss.Count))
		return w.batch.Set(append([]byte{keyLoss}, r.Loss.ID()...), value, nil) // it may be written again
	case r.Letter != nil:
		if err := w.batch.Set(at.recordKey(), index.AppendLetter(nil, r.Letter), nil); err != nil {
			return err
		}
		return w.event(at, r.Letter.EventID, 0)
	}
	return nil
}

func (w *write) outcome(at address, o *event.Outcome) error {
	if len(o.Events) == 0 {
		return nil
	}
	if err := w.batch.Set(at.recordKey(), index.AppendOutcome(nil, o), nil); err != nil {
		return err
	}
	if err := w.batch.Set(at.appendTo(lookupKey(keyBatch, at.day, o.BatchID)), nil, nil); err != nil {
		return err
	}
	if o.FBTraceID != "" {
		if err := w.batch.Set(at.appendTo(lookupKey(keyFBTrace, at.day, o.FBTraceID)), nil, nil); err != nil {
			return err
		}
	}
	for i := range o.Events {
		if err := w.event(at, o.Events[i].ID, i); err != nil {
			return err
		}
		if err := w.fate(at.day, o, i); err != nil {
			return err
		}
	}
	return nil
}

func (w *write) event(at address, id string, i int) error {
	key := at.appendTo(lookupKey(keyEvent, at.day, id))
	return w.batch.Set(binary.AppendUvarint(key, uint64(i)), nil, nil)
}

// fate counts one event of an outcome, unless another fate of its record counts.
func (w *write) fate(day uint16, o *event.Outcome, i int) error {
	f := index.Fate{Outcome: o, Event: o.Events[i]}
	if !index.Counts(&f.Event) {
		w.count(f, 1)
		return nil
	}
	k, err := w.store.counted.of(f.Event.Topic, f.Event.Partition, f.Event.Offset)
	if err != nil {
		return err
	}
	if !k.has(f.Event.Offset) {
		k.set(f.Event.Offset, day)
		w.count(f, 1)
		return nil
	}
	k.set(f.Event.Offset, day)
	before, err := w.earlier(f, o.Events[:i])
	switch {
	case err != nil:
		return err
	case before == nil:
		w.count(f, 1)
	case f.Before(*before):
		w.count(*before, -1)
		w.count(f, 1)
	}
	return nil
}

// earlier is the fate that counts for f's record so far: of those in the store, and of those that stand before it in its outcome.
func (w *write) earlier(f index.Fate, before []event.EventFate) (*index.Fate, error) {
	var best *index.Fate
	consider := func(other index.Fate) {
		if index.SameRecord(&f.Event, &other.Event) && (best == nil || other.Before(*best)) {
			best = &other
		}
	}
	err := w.store.fates(f.Event.ID, func(other index.Fate) bool { consider(other); return true })
	for i := range before {
		consider(index.Fate{Outcome: f.Outcome, Event: before[i]})
	}
	return best, err
}

func (w *write) count(f index.Fate, n int64) {
	facts, value := index.FactsOf(f.Outcome, &f.Event)
	if n < 0 {
		value = index.Amount{}.Minus(value)
	}
	w.sums[facts] = w.sums[facts].plus(sum{n, value})
}
