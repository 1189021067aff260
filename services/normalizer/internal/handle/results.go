package handle

import (
	"context"
	"encoding/json"
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
	fates    []event.EventFate
	sent     int // how many of recs are on Kafka already
	deferred []deferredRecord
}

func (r *results) begin() {
	clear(r.recs)
	clear(r.fates)
	r.recs, r.fates, r.sent, r.deferred = r.recs[:0], r.fates[:0], 0, nil
}

// add adds what Handle made of rec.
func (r *results) add(rec *stream.Record, end *fault.Error, s *Scratch, now time.Time) {
	if end == nil {
		r.recs = append(r.recs, s.Signal)
		return
	}
	f := fateOfEvent(rec, end, s)
	r.fates = append(r.fates, f)
	if f.Fate != fault.Dead {
		return
	}
	letter := event.DeadLetter{
		Stage: fault.Normalizer, Reason: end.Reason, Detail: end.Detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset,
		Attempts: 1, FailedAt: now, Replays: event.Replays(rec),
	}
	r.recs = append(r.recs, letter.Record(r.names.DeadLetters(), []byte(f.ID), rec))
}

// fateOfEvent is an event that ended here, as its outcome tells it. One that could not be read is named by its topic,
// partition and offset.
func fateOfEvent(rec *stream.Record, end *fault.Error, s *Scratch) event.EventFate {
	e := &s.out.Event
	f := event.EventFate{
		ID: string(s.raw.ID), Name: string(e.Name), Channel: string(s.raw.Channel), Source: string(s.raw.Source),
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
	r.recs = append(r.recs, o.Records(r.names.Outcomes())...)
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
		if err := p.Publish(ctx, r.recs[r.sent:end]...); err != nil {
			return fmt.Errorf("publishing a chunk's signals: %w", err)
		}
		r.sent = end
	}
	return nil
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
