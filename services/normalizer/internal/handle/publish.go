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

// batch is what a chunk's records became: signals and dead letters to publish, and the fates of those that ended.
type batch struct {
	names topic.Names
	recs  []stream.Record
	fates []event.EventFate
	sent  int // recs that are on Kafka already

	waiting []waiting // for a lookup
}

func (b *batch) begin() {
	clear(b.recs)
	clear(b.fates)
	b.recs, b.fates, b.sent, b.waiting = b.recs[:0], b.fates[:0], 0, nil
}

// add takes what Handle made of rec.
func (b *batch) add(rec *stream.Record, end *fault.Error, s *Scratch, now time.Time) {
	if end == nil {
		b.recs = append(b.recs, s.Signal)
		return
	}
	f := fate(rec, end, s)
	b.fates = append(b.fates, f)
	if f.Fate != fault.Dead {
		return
	}
	letter := event.DeadLetter{
		Stage: fault.Normalizer, Reason: end.Reason, Detail: end.Detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset,
		Attempts: 1, FailedAt: now, Replays: event.Replays(rec),
	}
	b.recs = append(b.recs, letter.Record(b.names.DeadLetters(), []byte(f.ID), rec))
}

// fate is the record of an event's end. What could not be read is named by where it lay.
func fate(rec *stream.Record, end *fault.Error, s *Scratch) event.EventFate {
	e := &s.out.Event
	f := event.EventFate{
		ID: string(s.raw.ID), Name: string(e.Name), Channel: string(s.raw.Channel), Source: string(s.raw.Source),
		Value: json.Number(e.Custom.Value), Currency: string(e.Custom.Currency),
		Fate: fateOf(end.Reason), Reason: end.Reason, Detail: end.Detail,
		Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset, ArrivedAt: s.raw.Time,
	}
	if f.ID == "" {
		f.ID = chunkID(rec.Topic, rec.Partition, rec.Offset)
	}
	if f.ArrivedAt.IsZero() {
		f.ArrivedAt = rec.Time
	}
	return f
}

// chunkID names a chunk by its first record, so that a repeat after a crash has the same batch id.
func chunkID(topic string, partition int, offset int64) string {
	return topic + "-" + strconv.Itoa(partition) + "-" + strconv.FormatInt(offset, 10)
}

// seal appends the outcome of the events that ended, if any did.
func (b *batch) seal(c *stream.Chunk, started, ended time.Time) {
	if len(b.fates) == 0 {
		return
	}
	o := event.Outcome{
		BatchID: chunkID(c.Topic, c.Partition, c.Records[0].Offset), Stage: fault.Normalizer,
		StartedAt: started, EndedAt: ended, Events: b.fates,
	}
	b.recs = append(b.recs, o.Records(b.names.Outcomes())...)
}

// publishBytes is how much goes to the producer in one call: far below what it may hold for all workers.
const publishBytes = 4 << 20

// publish returns nil when all of the batch is on Kafka; called again, it goes on where it failed.
func (b *batch) publish(ctx context.Context, p stream.Publisher) error {
	for b.sent < len(b.recs) {
		end, size := b.sent, 0
		for end < len(b.recs) && (end == b.sent || size+len(b.recs[end].Value) <= publishBytes) {
			size += len(b.recs[end].Value)
			end++
		}
		if err := p.Publish(ctx, b.recs[b.sent:end]...); err != nil {
			return fmt.Errorf("publishing a chunk's signals: %w", err)
		}
		b.sent = end
	}
	return nil
}
