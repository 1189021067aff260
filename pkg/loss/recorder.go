// Package loss records what a consumer group lost. The normalizer and the forwarder use it: a loss is on the outcomes topic before
// the group's position moves past it, so that a restart, which forgets metrics, does not hide it. It refuses to guess which events
// were lost.
package loss

import (
	"context"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Recorder writes the losses of a service.
type Recorder struct {
	Publisher stream.Publisher
	Names     topic.Names
	Stage     fault.Stage
	Now       func() time.Time
}

// Record writes a loss; nil: it is on Kafka. It is a stream.GroupConfig's Lost.
func (r Recorder) Record(ctx context.Context, l stream.Loss) error {
	record := event.Loss{Stage: r.Stage, Dataset: r.Names.Dataset(l.Topic), NoticedAt: r.Now(), Lost: event.Lost{
		Group: l.Group, Topic: l.Topic, Partition: l.Partition, From: l.From, To: l.To, Count: l.Count(), Cause: l.Cause,
	}}
	rec, err := record.Record(r.Names.Outcomes())
	if err != nil {
		return err
	}
	if err := r.Publisher.Publish(ctx, rec); err != nil {
		return fmt.Errorf("writing a loss: %w", err)
	}
	return nil
}
