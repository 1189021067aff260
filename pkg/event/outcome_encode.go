package event

import (
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/record"
)

// Records encodes an outcome as one record, or several of the same batch id where it would pass 500 KB. All have the
// batch id as key and EndedAt as timestamp. An outcome without events is none: no record.
func (o *Outcome) Records(topic string) []record.Record {
	var w OutcomeWriter
	var facts FactWriter
	var b []byte
	w.Begin(o)
	w.buf = make([]byte, 0, len(w.head)+len(o.Events)*256+len("]}"))
	for i := range o.Events {
		f := &o.Events[i]
		b = facts.fate(b[:0], f)
		w.Add(b, &Ending{Fate: f.Fate, Reason: f.Reason, Detail: f.Detail})
	}
	return w.AppendRecords(nil, topic)
}

func (o *Outcome) appendHead(b []byte) []byte {
	b = appendMember(b, `{"batch_id":`, o.BatchID)
	b = appendMember(b, `,"stage":`, string(o.Stage))
	b = appendOptional(b, `,"dataset":`, o.Dataset)
	b = appendOptional(b, `,"fbtrace_id":`, o.FBTraceID)
	if o.Attempts != 0 {
		b = strconv.AppendInt(append(b, `,"attempts":`...), int64(o.Attempts), 10)
	}
	b = appendTime(b, `,"started_at":`, o.StartedAt)
	b = appendTime(b, `,"ended_at":`, o.EndedAt)
	return append(b, `,"events":[`...)
}

func appendTime(b []byte, name string, t time.Time) []byte {
	b = append(append(b, name...), '"')
	b = t.UTC().AppendFormat(b, timeLayout)
	return append(b, '"')
}
