package handle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// results is what a chunk's records became: signals and dead letters to publish, the fates of the events that ended, and
// the records that are deferred.
type results struct {
	names    topic.Names
	recs     []stream.Record
	from     []*stream.Record // what each of recs was made of; nil: an outcome, or a letter
	fates    []event.EventFate
	sent     int     // how many of recs are on Kafka already
	buried   []ended // of signals that were too large for their topic
	deferred []deferredRecord
}

func (r *results) begin() {
	clear(r.recs)
	clear(r.from)
	clear(r.fates)
	r.recs, r.from, r.fates, r.sent, r.buried, r.deferred = r.recs[:0], r.from[:0], r.fates[:0], 0, nil, nil
}

// add adds what Handle made of rec.
func (r *results) add(rec *stream.Record, end *fault.Error, s *Scratch, now time.Time) {
	if end == nil {
		r.recs, r.from = append(r.recs, s.Signal), append(r.from, rec)
		return
	}
	f := fateOfEvent(rec, end, s)
	r.fates = append(r.fates, f)
	if f.Fate != fault.Dead {
		return
	}
	r.addLetter(rec, end, f.ID, now)
}

func (r *results) addLetter(rec *stream.Record, end *fault.Error, id string, now time.Time) {
	letter := event.DeadLetter{
		Stage: fault.Normalizer, Reason: end.Reason, Detail: end.Detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset,
		Attempts: 1, FailedAt: now, Replays: event.Replays(rec),
	}
	r.addOther(letter.Record(r.names.DeadLetters(), []byte(id), rec))
}

// addOther adds what is no signal.
func (r *results) addOther(recs ...stream.Record) {
	r.recs = append(r.recs, recs...)
	r.from = append(r.from, make([]*stream.Record, len(recs))...)
}

// fateOfEvent is an event that ended here, as its outcome tells it. One that could not be read is named by its topic,
// partition and offset.
func fateOfEvent(rec *stream.Record, end *fault.Error, s *Scratch) event.EventFate {
	e := &s.out.Event
	f := event.EventFate{
		ID: string(s.raw.ID), Name: string(e.Name), Channel: string(s.raw.Channel), Source: string(s.raw.Source), Trust: s.raw.Trust,
		Value: json.Number(e.Custom.Value), Currency: string(e.Custom.Currency),
		Fate: fateOf(end.Reason), Reason: end.Reason, Detail: end.Detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset, ArrivedAt: s.raw.Time,
	}
	if f.ID == "" {
		f.ID = positionName(rec.Topic, rec.Partition, rec.Offset)
	}
	if f.ArrivedAt.IsZero() {
		f.ArrivedAt = rec.Time
	}
	return f
}

// positionName names a record by where it lies in Kafka, and a chunk by its first record: then the outcomes of a chunk that
// is handled again after a crash have the same batch id.
func positionName(topic string, partition int, offset int64) string {
	return topic + "-" + strconv.Itoa(partition) + "-" + strconv.FormatInt(offset, 10)
}

// addOutcome appends the outcome of the events that ended, if any did.
func (r *results) addOutcome(c *stream.Chunk, started, ended time.Time) {
	if len(r.fates) == 0 {
		return
	}
	o := event.Outcome{
		BatchID: positionName(c.Topic, c.Partition, c.Records[0].Offset), Stage: fault.Normalizer,
		StartedAt: started, EndedAt: ended, Events: r.fates,
	}
	r.addOther(o.Records(r.names.Outcomes())...)
}

// publishBytes bounds one call of the producer: far below what it may hold for all workers together.
const publishBytes = 4 << 20

// publish returns nil when all records are on Kafka; called again, it goes on where it failed.
func (r *results) publish(ctx context.Context, p stream.Publisher) error {
	for r.sent < len(r.recs) {
		end, size := r.sent, 0
		for end < len(r.recs) && (end == r.sent || size+len(r.recs[end].Value) <= publishBytes) {
			size += len(r.recs[end].Value)
			end++
		}
		err := p.Publish(ctx, r.recs[r.sent:end]...)
		var large *stream.TooLargeError
		if errors.As(err, &large) && r.bury(r.sent, large.Indexes) {
			err = nil // all others are on Kafka, and the letters are next
		}
		if err != nil {
			return fmt.Errorf("publishing a chunk's signals: %w", err)
		}
		r.sent = end
	}
	return nil
}

// bury makes dead letters of the records whose signals are larger than their topic takes, which may be less than topics.apply
// asks for. false: one of them is no signal.
func (r *results) bury(first int, indexes []int) bool {
	for _, i := range indexes {
		if r.from[first+i] == nil {
			return false
		}
	}
	for _, i := range indexes {
		rec, end, now := r.from[first+i], fault.New(fault.Oversize, "signal"), time.Now()
		var s event.Signal
		_ = s.Decode(&r.recs[first+i]) // it was encoded here
		channel, source, _ := event.SplitSource(s.Source)
		r.buried = append(r.buried, ended{source: string(source), trust: s.Trust})
		r.addLetter(rec, end, string(s.ID), now)
		o := event.Outcome{
			BatchID: positionName(rec.Topic, rec.Partition, rec.Offset), Stage: fault.Normalizer, StartedAt: now, EndedAt: now,
			Events: []event.EventFate{{
				ID: string(s.ID), Name: string(s.EventName), Channel: string(channel), Source: string(source), Trust: s.Trust,
				Value: json.Number(s.Value), Currency: string(s.Currency), Fate: fault.Dead, Reason: end.Reason, Detail: end.Detail,
				Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset, ArrivedAt: s.Time,
			}},
		}
		r.addOther(o.Records(r.names.Outcomes())...)
	}
	return true
}

// settle settles the records of a chunk but for those that are deferred.
func (r *results) settle(c *stream.Chunk) {
	if len(r.deferred) == 0 {
		c.SettleAll()
		return
	}
	from := 0
	for i := range r.deferred {
		c.SettleRun(from, r.deferred[i].index-from)
		from = r.deferred[i].index + 1
	}
	c.SettleRun(from, len(c.Records)-from)
}
