package event

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// OutcomeWriter encodes an outcome from the facts of its events (see FactWriter) and how they ended. It reuses its memory
// for the next outcome. The zero value is ready; it is for one goroutine.
type OutcomeWriter struct {
	outcome Outcome // without events
	head    []byte
	buf     []byte
	ends    []int // of the records in buf
	start   int   // of the record that is being written
	events  int   // in it
	last    Ending
	tail    []byte // how it is written
}

// Ending is how an event ended.
type Ending struct {
	Fate   fault.Fate
	Reason fault.Reason
	Detail string
}

// Begin starts the outcome o; o.Events are ignored. The records of the outcome before are invalid from now on.
func (w *OutcomeWriter) Begin(o *Outcome) {
	w.outcome = *o
	w.outcome.Events = nil
	w.head = w.outcome.appendHead(w.head[:0])
	w.buf, w.ends, w.start, w.events = w.buf[:0], w.ends[:0], 0, 0
}

// Add adds an event. One that would make the record larger than maxOutcome begins the next record.
func (w *OutcomeWriter) Add(facts []byte, e *Ending) {
	tail := w.ended(e)
	if w.events > 0 && len(w.buf)-w.start+len(facts)+len(tail)+len(",]}") > maxOutcome {
		w.seal()
	}
	if w.events == 0 {
		w.buf = append(w.buf, w.head...)
	} else {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(append(w.buf, facts...), tail...)
	w.events++
}

// ended encodes e, or reuses the text of the event before if it ended alike.
func (w *OutcomeWriter) ended(e *Ending) []byte {
	if len(w.tail) == 0 || *e != w.last {
		w.last = *e
		b := appendMember(w.tail[:0], `,"fate":`, string(e.Fate))
		b = appendOptional(b, `,"reason":`, string(e.Reason))
		b = appendOptional(b, `,"detail":`, e.Detail)
		w.tail = append(b, '}')
	}
	return w.tail
}

func (w *OutcomeWriter) seal() {
	w.buf = append(w.buf, "]}"...)
	w.ends = append(w.ends, len(w.buf))
	w.start, w.events = len(w.buf), 0
}

// AppendRecords ends the outcome and appends its records to recs, as Outcome.Records describes them. Their values are the
// writer's memory: Begin may be called when nobody reads them any more.
func (w *OutcomeWriter) AppendRecords(recs []record.Record, topic string) []record.Record {
	if w.events > 0 {
		w.seal()
	}
	key := []byte(w.outcome.BatchID)
	start := 0
	for _, end := range w.ends {
		recs = append(recs, record.Record{Topic: topic, Key: key, Value: w.buf[start:end:end], Time: w.outcome.EndedAt})
		start = end
	}
	return recs
}
