package event

import (
	"bytes"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// FactWriter encodes the members of an outcome's event that are known before its fate is: event_id to arrived_at. What the
// events of a chunk mostly share (name, source, trust, topic and partition, the second of arrival) is encoded once and copied while it stays the same.
// The zero value is ready; it is for one goroutine.
type FactWriter struct {
	name, path, origin []byte // of the last signal, and how they are written
	trust              Trust  // of the last signal,
	channel            string // and its channel
	topic              string // of the last record,
	partition          int
	position           []byte // and how they are written
	second             int64  // of the last arrival
	date               []byte // how it is written
}

// Append appends the members of the event of signal s, read from record r. Of a signal that could not be decoded it writes
// what could be read; without an id, the record's key.
func (w *FactWriter) Append(b []byte, s *Signal, r *record.Record) []byte {
	if w.origin == nil || s.Trust != w.trust || !bytes.Equal(w.name, s.EventName) || !bytes.Equal(w.path, s.Source) {
		w.name, w.path, w.trust = append(w.name[:0], s.EventName...), append(w.path[:0], s.Source...), s.Trust
		channel, source, _ := SplitSource(s.Source)
		if string(channel) != w.channel {
			w.channel = string(channel)
		}
		w.origin = appendOrigin(w.origin[:0], s.EventName, channel, source, s.Trust)
	}
	id := s.ID
	if len(id) == 0 {
		id = r.Key
	}
	b = appendSale(append(appendMember(b, `{"event_id":`, id), w.origin...), s.Value, s.Currency)
	return w.appendPosition(b, r.Topic, r.Partition, r.Offset, s.Time)
}

// Channel is the channel of the signal last appended; empty if its source could not be read.
func (w *FactWriter) Channel() string { return w.channel }

// fate is Append for an EventFate.
func (w *FactWriter) fate(b []byte, f *EventFate) []byte {
	b = appendMember(b, `{"event_id":`, f.ID)
	b = appendOrigin(b, f.Name, f.Channel, f.Source, f.Trust)
	b = appendSale(b, string(f.Value), f.Currency)
	return w.appendPosition(b, f.Topic, f.Partition, f.Offset, f.ArrivedAt)
}

func appendOrigin[T text](b []byte, name, channel, source T, trust Trust) []byte {
	b = appendOptional(b, `,"event_name":`, name)
	b = appendOptional(b, `,"channel":`, channel)
	b = appendOptional(b, `,"source":`, source)
	return appendOptional(b, `,"trust":`, trust)
}

func appendSale[T text](b []byte, value, currency T) []byte {
	if isNumber(value) {
		b = append(append(b, `,"value":`...), value...)
	}
	return appendOptional(b, `,"currency":`, currency)
}

func (w *FactWriter) appendPosition(b []byte, topic string, partition int, offset int64, arrived time.Time) []byte {
	if len(w.position) == 0 || partition != w.partition || topic != w.topic {
		w.topic, w.partition = topic, partition
		w.position = appendOptional(w.position[:0], `,"topic":`, topic)
		w.position = strconv.AppendInt(append(w.position, `,"partition":`...), int64(partition), 10)
		w.position = append(w.position, `,"offset":`...)
	}
	b = strconv.AppendInt(append(b, w.position...), offset, 10)
	if arrived.IsZero() {
		return b
	}
	// As timeLayout writes it.
	if s := arrived.Unix(); s != w.second || len(w.date) == 0 {
		w.second = s
		w.date = appendTime(w.date[:0], `,"arrived_at":`, arrived)
		w.date = w.date[:len(w.date)-len(`000Z"`)]
	}
	ms := arrived.Nanosecond() / int(time.Millisecond)
	return append(append(b, w.date...), '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10), 'Z', '"')
}

// text is what a record's headers and an EventFate hold.
type text interface{ ~string | ~[]byte }

// maxText is how much of a text an outcome holds: one that a stranger's record made as large as a record would fit on no topic.
const maxText = 4 << 10

func appendMember[T text](b []byte, name string, value T) []byte {
	return jsonscan.AppendString(append(b, name...), []byte(value[:min(len(value), maxText)]))
}

func appendOptional[T text](b []byte, name string, value T) []byte {
	if len(value) == 0 {
		return b
	}
	return appendMember(b, name, value)
}

// isNumber says whether n is a JSON number of at most 64 characters.
func isNumber[T text](n T) bool {
	i := 0
	if len(n) > 0 && n[0] == '-' {
		i++
	}
	start := i
	if i = skipDigits(n, i); i == start || (n[start] == '0' && i > start+1) {
		return false
	}
	if i < len(n) && n[i] == '.' {
		start = i + 1
		if i = skipDigits(n, start); i == start {
			return false
		}
	}
	if i < len(n) && (n[i] == 'e' || n[i] == 'E') {
		if i++; i < len(n) && (n[i] == '+' || n[i] == '-') {
			i++
		}
		start = i
		if i = skipDigits(n, i); i == start {
			return false
		}
	}
	return i == len(n) && len(n) <= 64
}

func skipDigits[T text](n T, i int) int {
	for i < len(n) && '0' <= n[i] && n[i] <= '9' {
		i++
	}
	return i
}
