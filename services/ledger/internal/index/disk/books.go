package disk

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// Books implements index.Store. It reads the coarsest sums that fit: days, hours at their edges, minutes at those of the hours.
func (s *Store) Books(since, until time.Time, by index.Grouping) ([]index.Row, error) {
	rows, err := s.books(since, until, by)
	return rows, s.read(err)
}

func (s *Store) books(since, until time.Time, by index.Grouping) (rows []index.Row, err error) {
	from, to := int64(0), int64(1)<<32
	if !since.IsZero() {
		from = min(max(since.Unix()/60, 0), to)
	}
	if !until.IsZero() {
		to = min(max(until.Unix()/60, 0), to)
	}
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{keySum}, UpperBound: []byte{keySum + 1}})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	sheet := index.NewSheet(by)
	for ok := it.SeekGE(dayKey(keySum, uint16(min(from/day, 1<<16-1)))); ok; {
		d := binary.BigEndian.Uint16(it.Key()[1:])
		start := int64(d) * day
		if start >= to {
			break
		}
		for _, r := range ranges(max(from, start), min(to, start+day), by == index.ByHour) {
			if err := add(sheet, it, d, r); err != nil {
				return nil, err
			}
		}
		if d == 1<<16-1 {
			break
		}
		ok = it.SeekGE(dayKey(keySum, d+1))
	}
	return sheet.Rows(), it.Error()
}

// span is the sums of a level from a minute to before another.
type span struct {
	level    byte
	from, to int64
}

// ranges splits minutes of one day into as few spans as can be; fine: none of a whole day.
func ranges(from, to int64, fine bool) []span {
	if from >= to {
		return nil
	}
	if !fine && from%day == 0 && to-from == day {
		return []span{{levelDay, from, to}}
	}
	first, last := (from+hour-1)/hour*hour, to/hour*hour // whole hours
	if first >= last {
		return []span{{levelMinute, from, to}}
	}
	var all []span
	for _, s := range []span{{levelMinute, from, first}, {levelHour, first, last}, {levelMinute, last, to}} {
		if s.from < s.to {
			all = append(all, s)
		}
	}
	return all
}

// add adds the sums of a span of a day to the sheet.
func add(sheet *index.Sheet, it *pebble.Iterator, d uint16, r span) error {
	prefix := append(dayKey(keySum, d), r.level)
	for ok := it.SeekGE(binary.BigEndian.AppendUint32(prefix[:len(prefix):len(prefix)], uint32(r.from))); ok; ok = it.Next() {
		key := it.Key()
		if len(key) < len(prefix) || string(key[:len(prefix)]) != string(prefix) {
			break
		}
		facts, good := readSumKey(key)
		if !good {
			return errKey
		}
		if facts.Minute >= r.to {
			break
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		n, err := readSum(value)
		if err != nil {
			return errors.Join(errUnreadable, err)
		}
		sheet.Add(&facts, n.events, n.value)
	}
	return nil
}
