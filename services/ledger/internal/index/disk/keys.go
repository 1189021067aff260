package disk

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// The first byte of a key says what it is. Where a day follows, the key expires with that day.
const (
	keyTopic   = 'T' // topic → generation, id
	keyNext    = 'P' // topic, partition → next offset
	keyLoss    = 'L' // id of a loss → day, count
	keyCounted = 'S' // topic, partition, chunk of offsets → day, bits (counted.go)

	keyRecord  = 'O' // day, topic, generation, partition, offset → outcome or letter
	keyEvent   = 'E' // day, hash of an event id, address of the record, index in it
	keyBatch   = 'B' // day, hash of a batch id, address of the record
	keyFBTrace = 'F' // day, hash of an fbtrace id, address of the record
	keySum     = 'R' // day, level, minute, facts → count, amount (sums.go)
)

// byDay are the kinds whose keys expire by their range.
var byDay = []byte{keyRecord, keyEvent, keyBatch, keyFBTrace, keySum}

// dayOf is a day since 1970 in UTC.
func dayOf(t time.Time) uint16 {
	const seconds = 24 * 60 * 60
	return uint16(min(max(t.Unix()/seconds, 0), math.MaxUint16))
}

func startOf(day uint16) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

func dayKey(kind byte, day uint16) []byte {
	return binary.BigEndian.AppendUint16([]byte{kind}, day)
}

// address is where a record lies in the store: its day, and its place on the topic of that generation.
type address struct {
	day        uint16
	topic      index.Topic
	generation uint64 // how often the topic was made anew
	partition  int
	offset     int64
}

// recordKey is in the order of offsets.
func (a address) recordKey() []byte {
	b := append(dayKey(keyRecord, a.day), byte(a.topic))
	b = binary.AppendUvarint(b, a.generation)
	b = binary.BigEndian.AppendUint32(b, uint32(a.partition))
	return binary.BigEndian.AppendUint64(b, uint64(a.offset))
}

// appendTo appends the address without its day.
func (a address) appendTo(b []byte) []byte {
	b = binary.AppendUvarint(append(b, byte(a.topic)), a.generation)
	b = binary.AppendUvarint(b, uint64(a.partition))
	return binary.AppendUvarint(b, uint64(a.offset))
}

// readAddress reads what appendTo wrote, and the index that follows it in a key of an event.
func readAddress(day uint16, b []byte) (a address, rest []byte, ok bool) {
	if len(b) == 0 {
		return a, nil, false
	}
	a.day, a.topic = day, index.Topic(b[0])
	b = b[1:]
	var fields [3]uint64
	for i := range fields {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return a, nil, false
		}
		fields[i], b = v, b[n:]
	}
	a.generation, a.partition, a.offset = fields[0], int(fields[1]), int64(fields[2])
	return a, b, true
}

// lookupKey begins the keys of an id on a day. Its hash is one for which nobody finds many ids.
func lookupKey(kind byte, day uint16, id string) []byte {
	h := sha256.Sum256([]byte(id))
	return append(dayKey(kind, day), h[:8]...)
}

func topicKey(t index.Topic) []byte { return []byte{keyTopic, byte(t)} }

func nextKey(t index.Topic, partition int) []byte {
	return binary.BigEndian.AppendUint32([]byte{keyNext, byte(t)}, uint32(partition))
}
