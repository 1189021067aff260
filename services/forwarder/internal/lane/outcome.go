package lane

import (
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// pen is the memory that fates are written with. The window has one for each write that is out, and uses them again.
type pen struct {
	writer  event.OutcomeWriter
	records []stream.Record
}

// takePen returns one that nobody writes with.
func (w *window) takePen() *pen {
	last := len(w.pens) - 1
	if last < 0 {
		return &pen{}
	}
	p := w.pens[last]
	w.pens = w.pens[:last]
	return p
}

// putPen takes one back when nobody reads what was written with it.
func (w *window) putPen(p *pen) {
	clear(p.records) // let go of dead letters
	w.pens = append(w.pens, p)
}

// records makes the outcome of a job and a dead letter of each dead event.
func (w *window) records(j *job) []stream.Record {
	o := &j.pen.writer
	o.Begin(&event.Outcome{
		BatchID: event.NewBatchID(), Stage: fault.Forwarder, Dataset: w.cfg.Dataset, FBTraceID: j.traceID,
		Attempts: j.attempts, StartedAt: j.started, EndedAt: j.ended,
	})
	letters := j.pen.records[:0]
	for i := range j.events {
		v := j.verdict(i)
		o.Add(j.events[i].Facts, &event.Ending{Fate: v.fate, Reason: v.reason, Detail: v.detail})
		if v.fate == fault.Dead {
			letters = append(letters, w.letter(j, j.events[i].Record, v))
		}
	}
	j.pen.records = o.AppendRecords(letters, w.cfg.Outcomes)
	return j.pen.records
}

func (w *window) letter(j *job, rec *stream.Record, v *verdict) stream.Record {
	var s event.Signal
	_ = s.Decode(rec) // an undecodable one keeps what could be read of it
	id := s.ID
	if len(id) == 0 {
		id = rec.Key
	}
	d := event.DeadLetter{
		Stage: fault.Forwarder, Reason: v.reason, Detail: v.detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset,
		Attempts: j.attempts, FBTraceID: j.traceID, FailedAt: j.ended, Replays: s.Replays,
	}
	return d.Record(w.cfg.DeadLetters, id, rec)
}

// count shows a job's fates in the metrics, once they are on Kafka.
func (w *window) count(j *job) {
	if j.each != nil {
		for i := range j.each {
			w.metrics.ended(w.cfg.Dataset, &j.each[i], 1)
		}
		return
	}
	w.metrics.ended(w.cfg.Dataset, &j.common, len(j.events))
	if j.common.fate == fault.Delivered {
		w.metrics.endToEnd.observe(j.events, j.ended)
	}
}
