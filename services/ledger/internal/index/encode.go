package index

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// version is the first byte of an encoded outcome.
const version = 1

// The flags of an encoded event.
const (
	isProven = 1 << iota
	isUnproven
	hasArrived
	inMillis // arrived says no finer time
)

// AppendOutcome encodes an outcome. Texts that its events share are written once: a reference is 0 and the text, or the number of an
// earlier one.
func AppendOutcome(b []byte, o *event.Outcome) []byte {
	w := writer{b: append(b, version), texts: map[string]uint64{"": 1}}
	id, err := hex.DecodeString(o.BatchID)
	if err == nil && len(id) == 16 && hex.EncodeToString(id) == o.BatchID {
		w.b = append(append(w.b, 1), id...)
	} else {
		w.b = append(w.b, 0)
		w.text(o.BatchID)
	}
	w.text(string(o.Stage))
	w.text(o.Dataset)
	w.text(o.FBTraceID)
	w.int(int64(o.Attempts))
	w.time(o.StartedAt)
	w.time(o.EndedAt)
	w.uint(uint64(len(o.Events)))
	var offset int64
	second := o.EndedAt.Unix()
	for i := range o.Events {
		f := &o.Events[i]
		w.text(f.ID)
		flags := byte(0)
		switch f.Trust {
		case event.Proven:
			flags = isProven
		case event.Unproven:
			flags = isUnproven
		}
		ns := f.ArrivedAt.Nanosecond()
		if !f.ArrivedAt.IsZero() {
			flags |= hasArrived
			if ns%int(time.Millisecond) == 0 {
				flags |= inMillis
				ns /= int(time.Millisecond)
			}
		}
		w.b = append(w.b, flags)
		for _, t := range [...]string{f.Name, f.Channel, f.Source, string(f.Fate), string(f.Reason), f.Detail, f.Topic, f.Currency} {
			w.shared(t)
		}
		w.text(string(f.Value))
		w.int(int64(f.Partition))
		w.int(f.Offset - offset)
		offset = f.Offset
		if flags&hasArrived != 0 {
			w.int(f.ArrivedAt.Unix() - second)
			w.uint(uint64(ns))
			second = f.ArrivedAt.Unix()
		}
	}
	return w.b
}

type writer struct {
	b     []byte
	texts map[string]uint64
}

func (w *writer) uint(n uint64) { w.b = binary.AppendUvarint(w.b, n) }
func (w *writer) int(n int64)   { w.b = binary.AppendVarint(w.b, n) }

func (w *writer) text(t string) {
	w.uint(uint64(len(t)))
	w.b = append(w.b, t...)
}

func (w *writer) shared(t string) {
	if n, ok := w.texts[t]; ok {
		w.uint(n)
		return
	}
	w.texts[t] = uint64(len(w.texts) + 1)
	w.uint(0)
	w.text(t)
}

func (w *writer) time(t time.Time) {
	w.int(t.Unix())
	w.uint(uint64(t.Nanosecond()))
}

var errEncoded = errors.New("a stored outcome cannot be read")

// AllEvents makes DecodeOutcome read all events.
const AllEvents = -1

// DecodeOutcome reads what AppendOutcome wrote, with all events or the one of that number only. Times are in UTC.
func DecodeOutcome(b []byte, only int) (*event.Outcome, error) {
	r := reader{b: b, texts: []string{""}}
	if r.byte() != version {
		return nil, errEncoded
	}
	o := &event.Outcome{}
	if r.byte() == 1 {
		o.BatchID = hex.EncodeToString(r.take(16))
	} else {
		o.BatchID = r.text()
	}
	o.Stage, o.Dataset, o.FBTraceID, o.Attempts = fault.Stage(r.text()), r.text(), r.text(), int(r.int())
	o.StartedAt, o.EndedAt = r.time(), r.time()
	n := r.uint()
	if n > uint64(len(r.b)) { // an event takes more than a byte
		return nil, errEncoded
	}
	if only == AllEvents {
		o.Events = make([]event.EventFate, 0, n)
	}
	at := cursor{second: o.EndedAt.Unix()}
	for i := range int(n) {
		want := only == AllEvents || only == i
		f := r.event(&at, want)
		if r.bad {
			return nil, errEncoded
		}
		if want {
			o.Events = append(o.Events, f)
		}
	}
	if r.bad || len(r.b) > 0 || only != AllEvents && len(o.Events) != 1 {
		return nil, errEncoded
	}
	return o, nil
}

// cursor is what an event's numbers are relative to.
type cursor struct{ offset, second int64 }

// event reads one event; its own texts are not copied unless it is wanted.
func (r *reader) event(at *cursor, want bool) (f event.EventFate) {
	id := r.bytes()
	flags := r.byte()
	var shared [8]string
	for i := range shared {
		shared[i] = r.shared()
	}
	value := r.bytes()
	partition := r.int()
	at.offset += r.int()
	var ns int64
	if flags&hasArrived != 0 {
		at.second += r.int()
		if ns = int64(r.uint()); flags&inMillis != 0 {
			ns *= int64(time.Millisecond)
		}
	}
	if !want {
		return f
	}
	f = event.EventFate{
		ID: string(id), Name: shared[0], Channel: shared[1], Source: shared[2], Fate: fault.Fate(shared[3]), Reason: fault.Reason(shared[4]), Detail: shared[5],
		Topic: shared[6], Currency: shared[7], Value: json.Number(value), Partition: int(partition), Offset: at.offset,
	}
	switch {
	case flags&isProven != 0:
		f.Trust = event.Proven
	case flags&isUnproven != 0:
		f.Trust = event.Unproven
	}
	if flags&hasArrived != 0 {
		f.ArrivedAt = time.Unix(at.second, ns).UTC()
	}
	return f
}

// reader reads fields; bad: they ended too early.
type reader struct {
	b     []byte
	texts []string
	bad   bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return nil
	}
	field := r.b[:n]
	r.b = r.b[n:]
	return field
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) bytes() []byte { return r.take(r.uint()) }
func (r *reader) text() string  { return string(r.bytes()) }

func (r *reader) shared() string {
	n := r.uint()
	switch {
	case n == 0:
		t := r.text()
		r.texts = append(r.texts, t)
		return t
	case n > uint64(len(r.texts)):
		r.bad = true
		return ""
	}
	return r.texts[n-1]
}

func (r *reader) time() time.Time {
	s := r.int()
	return time.Unix(s, int64(r.uint())).UTC()
}
