package event

import (
	"bytes"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// OutcomeWriter encodes an outcome event by event into memory that it keeps for the next one. What the events of a batch
// mostly share (name, source, ending, the second of arrival) is encoded once and copied while it stays the same. The zero
// value is ready; it is for one goroutine.
type OutcomeWriter struct {
	outcome Outcome // without events
	head    []byte
	buf     []byte
	ends    []int // of the records in buf
	start   int   // of the record that is being written
	events  int   // in it

	name, path, origin []byte // of the last signal, and how they are written
	ending             Ending
	tail               []byte // how ending is written
	second             int64  // of the last arrival
	date               []byte // how second is written
}

// Ending is how an event ended, and the record that it lay in.
type Ending struct {
	Fate      fault.Fate
	Reason    fault.Reason
	Detail    string
	Topic     string
	Partition int
	Offset    int64
}

// Begin starts the outcome o, whose Events are not looked at. It ends the life of the records of the one before.
func (w *OutcomeWriter) Begin(o *Outcome) {
	w.outcome = *o
	w.outcome.Events = nil
	w.head = w.outcome.appendHead(w.head[:0])
	w.buf, w.ends, w.start, w.events = w.buf[:0], w.ends[:0], 0, 0
}

// Signal adds the fate of a decoded signal; of one that could not be decoded what could be read of it. An empty id is
// the record's key.
func (w *OutcomeWriter) Signal(s *Signal, key []byte, e *Ending) {
	if w.origin == nil || !bytes.Equal(w.name, s.EventName) || !bytes.Equal(w.path, s.Source) {
		w.name, w.path = append(w.name[:0], s.EventName...), append(w.path[:0], s.Source...)
		channel, source, _ := SplitSource(s.Source)
		w.origin = appendOrigin(w.origin[:0], s.EventName, channel, source)
	}
	id := s.ID
	if len(id) == 0 {
		id = key
	}
	add(w, id, s.Value, s.Currency, w.origin, e, s.Time)
}

// fate adds one that was gathered as an EventFate.
func (w *OutcomeWriter) fate(f *EventFate) {
	w.name, w.path = w.name[:0], w.path[:0]
	w.origin = appendOrigin(w.origin[:0], f.Name, f.Channel, f.Source)
	e := Ending{Fate: f.Fate, Reason: f.Reason, Detail: f.Detail, Topic: f.Topic, Partition: f.Partition, Offset: f.Offset}
	add(w, f.ID, string(f.Value), f.Currency, w.origin, &e, f.ArrivedAt)
}

// AppendRecords ends the outcome and appends its records to recs, as Outcome.Records describes them. Their values are the
// writer's memory: Begin may be called when nobody reads them any more.
func (w *OutcomeWriter) AppendRecords(recs []stream.Record, topic string) []stream.Record {
	if w.events > 0 {
		w.seal()
	}
	key := []byte(w.outcome.BatchID)
	start := 0
	for _, end := range w.ends {
		recs = append(recs, stream.Record{Topic: topic, Key: key, Value: w.buf[start:end:end], Time: w.outcome.EndedAt})
		start = end
	}
	return recs
}

func (w *OutcomeWriter) seal() {
	w.buf = append(w.buf, "]}"...)
	w.ends = append(w.ends, len(w.buf))
	w.start, w.events = len(w.buf), 0
}

// text is what a record's headers and an EventFate hold.
type text interface{ ~string | ~[]byte }

// add appends one event; one that would make the record too large begins the next.
func add[T text](w *OutcomeWriter, id, value, currency T, origin []byte, e *Ending, arrived time.Time) {
	before := len(w.buf)
	for {
		if w.events == 0 {
			w.buf = append(w.buf, w.head...)
		} else {
			w.buf = append(w.buf, ',')
		}
		b := appendMember(w.buf, `{"event_id":`, id)
		b = append(b, origin...)
		if isNumber(value) {
			b = append(append(b, `,"value":`...), value...)
		}
		b = appendOptional(b, `,"currency":`, currency)
		b = append(b, w.ended(e)...)
		b = strconv.AppendInt(b, e.Offset, 10)
		if !arrived.IsZero() {
			b = w.appendArrived(b, arrived)
		}
		w.buf = append(b, '}')
		if w.events == 0 || len(w.buf)-w.start+len("]}") <= maxOutcome {
			w.events++
			return
		}
		w.buf = w.buf[:before]
		w.seal()
	}
}

func appendOrigin[T text](b []byte, name, channel, source T) []byte {
	b = appendOptional(b, `,"event_name":`, name)
	b = appendOptional(b, `,"channel":`, channel)
	return appendOptional(b, `,"source":`, source)
}

// ended is how e is written, up to its offset.
func (w *OutcomeWriter) ended(e *Ending) []byte {
	l := &w.ending
	if len(w.tail) > 0 && l.Partition == e.Partition && l.Fate == e.Fate && l.Reason == e.Reason && l.Detail == e.Detail && l.Topic == e.Topic {
		return w.tail
	}
	w.ending = *e
	b := appendMember(w.tail[:0], `,"fate":`, string(e.Fate))
	b = appendOptional(b, `,"reason":`, string(e.Reason))
	b = appendOptional(b, `,"detail":`, e.Detail)
	b = appendOptional(b, `,"topic":`, e.Topic)
	b = strconv.AppendInt(append(b, `,"partition":`...), int64(e.Partition), 10)
	w.tail = append(b, `,"offset":`...)
	return w.tail
}

// appendArrived writes a time as timeLayout does.
func (w *OutcomeWriter) appendArrived(b []byte, t time.Time) []byte {
	if s := t.Unix(); s != w.second || len(w.date) == 0 {
		w.second = s
		w.date = appendTime(w.date[:0], `,"arrived_at":`, t)
		w.date = w.date[:len(w.date)-len(`000Z"`)]
	}
	ms := t.Nanosecond() / int(time.Millisecond)
	b = append(b, w.date...)
	return append(b, '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10), 'Z', '"')
}

func appendMember[T text](b []byte, name string, value T) []byte {
	return jsonscan.AppendString(append(b, name...), []byte(value))
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
