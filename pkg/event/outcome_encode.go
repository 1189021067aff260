package event

import (
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Records encodes an outcome as one record, or several of the same batch id where it would pass 500 KB. All have the
// batch id as key and EndedAt as timestamp. An outcome without events is none: no record.
func (o *Outcome) Records(topic string) []stream.Record {
	if len(o.Events) == 0 {
		return nil
	}
	head := o.appendHead(nil)
	key := []byte(o.BatchID)
	var recs []stream.Record
	var value []byte
	end := func() {
		value = append(value, "]}"...)
		recs = append(recs, stream.Record{Topic: topic, Key: key, Value: value, Time: o.EndedAt})
		value = nil
	}
	for i := range o.Events {
		before := len(value)
		if value == nil {
			value = make([]byte, 0, min(len(head)+(len(o.Events)-i)*256+2, maxOutcome))
			value = append(value, head...)
		} else {
			value = append(value, ',')
		}
		value = o.Events[i].append(value)
		if before > 0 && len(value)+2 > maxOutcome { // this one begins the next record
			value = value[:before]
			end()
			value = append(value, head...)
			value = o.Events[i].append(value)
		}
	}
	end()
	return recs
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

func (f *EventFate) append(b []byte) []byte {
	b = appendMember(b, `{"event_id":`, f.ID)
	b = appendOptional(b, `,"event_name":`, f.Name)
	b = appendOptional(b, `,"channel":`, f.Channel)
	b = appendOptional(b, `,"source":`, f.Source)
	if n := []byte(f.Value); jsonscan.Kind(n) == 'n' && jsonscan.Check(n, jsonscan.Limits{}) == nil {
		b = append(append(b, `,"value":`...), n...)
	}
	b = appendOptional(b, `,"currency":`, f.Currency)
	b = appendMember(b, `,"fate":`, string(f.Fate))
	b = appendOptional(b, `,"reason":`, string(f.Reason))
	b = appendOptional(b, `,"detail":`, f.Detail)
	b = appendOptional(b, `,"topic":`, f.Topic)
	b = strconv.AppendInt(append(b, `,"partition":`...), int64(f.Partition), 10)
	b = strconv.AppendInt(append(b, `,"offset":`...), f.Offset, 10)
	if !f.ArrivedAt.IsZero() {
		b = appendTime(b, `,"arrived_at":`, f.ArrivedAt)
	}
	return append(b, '}')
}

func appendMember(b []byte, name, text string) []byte {
	return jsonscan.AppendString(append(b, name...), []byte(text))
}

func appendOptional(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return appendMember(b, name, text)
}

func appendTime(b []byte, name string, t time.Time) []byte {
	b = append(append(b, name...), '"')
	b = t.UTC().AppendFormat(b, timeLayout)
	return append(b, '"')
}
