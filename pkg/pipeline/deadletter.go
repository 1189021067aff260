package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// letters writes the dead letter of a record that cannot go on. The record is settled only once its letter is on Kafka;
// while a letter can't be written, its partition stands still.
type letters struct {
	stage     fault.Stage
	topic     string
	publisher stream.Publisher
	metrics   *metrics
	now       func() time.Time

	mu   sync.Mutex
	last error // why letters can't be written
}

func (l *letters) around(next Handler) Handler {
	return func(ctx context.Context, r *stream.Record) error {
		err := next(ctx, r)
		var gone *gaveUp
		if !errors.As(err, &gone) {
			return err
		}
		letter := event.DeadLetter{
			Stage: l.stage, Reason: gone.end.Reason, Detail: gone.end.Detail, Attempts: gone.attempts,
			Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, FailedAt: l.now(),
		}
		record := letter.Record(l.topic, idOf(r), r)
		err = letterPauses.Until(stopping(ctx), func() error { return l.publisher.Publish(ctx, record) }, l.report)
		l.report(err)
		if err != nil {
			return fmt.Errorf("writing a dead letter: %w", err)
		}
		l.metrics.deadLetter(gone.end.Reason)
		return nil
	}
}

// letterPauses are the pauses between two tries to write a dead letter.
var letterPauses = Backoff{}.pauses()

// idOf returns the event's id if the record has one, else the record's key.
func idOf(r *stream.Record) []byte {
	if id := r.Header("ce_id"); id != nil {
		return id
	}
	return r.Key
}

func (l *letters) report(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = err
}

func (l *letters) ready() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil {
		return fmt.Errorf("dead letters can't be written: %w", l.last)
	}
	return nil
}
