package disk

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/cockroachdb/pebble/v2"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// The levels of sums: how many minutes one is of.
const (
	minute = 1
	hour   = 60
	day    = 24 * 60
)

// levels are written in this order's numbers.
var levels = [...]int64{minute, hour, day}

const (
	levelMinute byte = iota
	levelHour
	levelDay
)

// sumKey is the key of a level's sum of facts, in which the day comes first and so expires by range.
func sumKey(level byte, f *index.Facts) []byte {
	b := append(dayKey(keySum, uint16(f.Minute/day)), level)
	b = binary.BigEndian.AppendUint32(b, uint32(f.Minute-f.Minute%levels[level]))
	for _, text := range [...]string{f.Channel, f.Source, f.Dataset, f.Event, f.Fate, f.Reason, f.Currency} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}

// readSumKey reads what sumKey wrote.
func readSumKey(b []byte) (f index.Facts, ok bool) {
	const head = 1 + 2 + 1
	if len(b) < head+4 {
		return f, false
	}
	f.Minute = int64(binary.BigEndian.Uint32(b[head:]))
	b = b[head+4:]
	for _, text := range [...]*string{&f.Channel, &f.Source, &f.Dataset, &f.Event, &f.Fate, &f.Reason, &f.Currency} {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return f, false
		}
		*text = string(b[size : size+int(n)])
		b = b[size+int(n):]
	}
	return f, len(b) == 0
}

// sum is a count of events and the sum of their values. Both are added to by merging, without a read.
type sum struct {
	events int64
	value  index.Amount
}

func (s sum) plus(t sum) sum { return sum{s.events + t.events, s.value.Plus(t.value)} }

func (s sum) encode() []byte { return s.value.Append(binary.AppendVarint(nil, s.events)) }

var errSum = errors.New("a stored sum cannot be read")

func readSum(b []byte) (sum, error) {
	events, n := binary.Varint(b)
	if n <= 0 {
		return sum{}, errSum
	}
	value, rest, ok := index.ReadAmount(b[n:])
	if !ok || len(rest) > 0 {
		return sum{}, errSum
	}
	return sum{events, value}, nil
}

// merger adds sums up.
var merger = &pebble.Merger{
	Name: "omnicapi.ledger.sum",
	Merge: func(_, value []byte) (pebble.ValueMerger, error) {
		s, err := readSum(value)
		return &merging{s}, err
	},
}

type merging struct{ sum sum }

// MergeNewer implements pebble.ValueMerger.
func (m *merging) MergeNewer(value []byte) error {
	s, err := readSum(value)
	m.sum = m.sum.plus(s)
	return err
}

// MergeOlder implements pebble.ValueMerger: the order makes no difference.
func (m *merging) MergeOlder(value []byte) error { return m.MergeNewer(value) }

// Finish implements pebble.ValueMerger.
func (m *merging) Finish(bool) ([]byte, io.Closer, error) { return m.sum.encode(), nil, nil }
