package lane

import (
	"encoding/json"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// records makes the outcome of a job and a dead letter of each dead event.
func (w *window) records(j *job) []stream.Record {
	j.outcome = event.Outcome{
		BatchID: event.NewBatchID(), Stage: fault.Forwarder, Dataset: w.cfg.Dataset, FBTraceID: j.traceID,
		Attempts: j.attempts, StartedAt: j.started, EndedAt: j.ended,
		Events: make([]event.EventFate, len(j.events)),
	}
	var letters []stream.Record
	var s event.Signal
	t := newTexts(len(j.events))
	for i := range j.events {
		rec, v := j.events[i].Record, j.verdict(i)
		_ = s.Decode(rec) // an undecodable one keeps what could be read of it
		id := s.ID
		if len(id) == 0 {
			id = rec.Key
		}
		channel, source, _ := event.SplitSource(s.Source)
		t.add(id, s.EventName, channel, source, s.Value, s.Currency)
		j.outcome.Events[i] = event.EventFate{
			Fate: v.fate, Reason: v.reason, Detail: v.detail,
			Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset, ArrivedAt: s.Time,
		}
		if v.fate != fault.Dead {
			continue
		}
		d := event.DeadLetter{
			Stage: fault.Forwarder, Reason: v.reason, Detail: v.detail,
			Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset,
			Attempts: j.attempts, FBTraceID: j.traceID, FailedAt: j.ended, Replays: s.Replays,
		}
		letters = append(letters, d.Record(w.cfg.DeadLetters, id, rec))
	}
	all := t.strings()
	for i := range j.outcome.Events {
		e := &j.outcome.Events[i]
		e.ID, e.Name, e.Channel, e.Source = all.next(), all.next(), all.next(), all.next()
		e.Value, e.Currency = json.Number(all.next()), all.next()
	}
	return append(j.outcome.Records(w.cfg.Outcomes), letters...)
}

// count shows a job's fates in the metrics, once they are on Kafka.
func (w *window) count(j *job) {
	if j.each != nil {
		for _, v := range j.each {
			w.metrics.ended(w.cfg.Dataset, v, 1)
		}
		return
	}
	w.metrics.ended(w.cfg.Dataset, j.common, len(j.events))
	if j.common.fate != fault.Delivered {
		return
	}
	for i := range j.outcome.Events {
		e := &j.outcome.Events[i]
		w.metrics.delivered(e.Channel, j.ended.Sub(e.ArrivedAt))
	}
}

// texts gathers many short texts into one string: an outcome of 1000 events has 6000 of them.
type texts struct {
	bytes []byte
	ends  []int
	whole string
	at    int
}

func newTexts(events int) *texts {
	return &texts{bytes: make([]byte, 0, 80*events), ends: make([]int, 0, 6*events)}
}

func (t *texts) add(parts ...[]byte) {
	for _, p := range parts {
		t.bytes = append(t.bytes, p...)
		t.ends = append(t.ends, len(t.bytes))
	}
}

// strings makes the string that next cuts.
func (t *texts) strings() *texts {
	t.whole, t.bytes = string(t.bytes), nil
	return t
}

// next returns the texts in the order of add.
func (t *texts) next() string {
	start := 0
	if t.at > 0 {
		start = t.ends[t.at-1]
	}
	s := t.whole[start:t.ends[t.at]]
	t.at++
	return s
}
