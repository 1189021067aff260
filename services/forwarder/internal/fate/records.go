package fate

import (
	"sync"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Config says whose fates are written, and to which topics.
type Config struct {
	Dataset     string
	Outcomes    string
	DeadLetters string
}

// buffer is the memory in which the records of one report are made.
type buffer struct {
	outcome event.OutcomeWriter
	records []stream.Record
}

// recordsOf returns the outcome of a report and a dead letter of each dead event, until the buffer is used again.
func (b *buffer) recordsOf(r *Report, cfg *Config) []stream.Record {
	b.outcome.Begin(&event.Outcome{
		BatchID: event.NewBatchID(), Stage: fault.Forwarder, Dataset: cfg.Dataset, FBTraceID: r.FBTraceID,
		Attempts: r.Attempts, StartedAt: r.Started, EndedAt: r.Ended,
	})
	letters := b.records[:0]
	for i := range r.Events {
		e := r.Ending(i)
		b.outcome.Add(r.Events[i].Facts, e)
		if e.Fate == fault.Dead {
			letters = append(letters, deadLetter(r, r.Events[i].Record, e, cfg.DeadLetters))
		}
	}
	b.records = b.outcome.AppendRecords(letters, cfg.Outcomes)
	return b.records
}

func deadLetter(r *Report, rec *stream.Record, e *event.Ending, topic string) stream.Record {
	var s event.Signal
	_ = s.Decode(rec) // an undecodable one keeps what could be read of it
	id := s.ID
	if len(id) == 0 {
		id = rec.Key
	}
	d := event.DeadLetter{
		Stage: fault.Forwarder, Reason: e.Reason, Detail: e.Detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset,
		Attempts: r.Attempts, FBTraceID: r.FBTraceID, FailedAt: r.Ended, Replays: s.Replays,
	}
	return d.Record(topic, id, rec)
}

// buffers keeps the buffers that are not in use; there are as many as there ever were writes at a time.
type buffers struct {
	mu   sync.Mutex
	free []*buffer
}

func (b *buffers) take() *buffer {
	b.mu.Lock()
	defer b.mu.Unlock()
	last := len(b.free) - 1
	if last < 0 {
		return &buffer{}
	}
	taken := b.free[last]
	b.free = b.free[:last]
	return taken
}

// give takes a buffer back when nobody reads its records any more.
func (b *buffers) give(used *buffer) {
	clear(used.records) // let the garbage collector have the dead letters
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, used)
}
