package letters

import (
	"context"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// replayChunk is how many letters are published before their outcomes are written: after a crash in between, at most this
// many are published twice.
const replayChunk = 100

// Replay publishes letters to the topics that they came from, and writes the outcome `replayed`, which takes them off the
// list. That outcome is timed before the letters are back on their topics: how they end next, at once perhaps, comes after it.
// After each chunk it calls done with the number of letters replayed.
func Replay(ctx context.Context, names topic.Names, to stream.Publisher, list []*Letter, done func(n int)) error {
	for start := 0; start < len(list); start += replayChunk {
		chunk := list[start:min(start+replayChunk, len(list))]
		began := time.Now()
		records := make([]stream.Record, len(chunk))
		for i, l := range chunk {
			records[i] = l.death.Replay(&l.record)
		}
		if err := to.Publish(ctx, records...); err != nil {
			return fmt.Errorf("replaying dead letters: %w", err)
		}
		crashpoint.Reach(crashpoint.ReplayPublished)
		var outcomes []stream.Record
		for _, o := range outcomesOf(names, chunk, began) {
			outcomes = append(outcomes, o.Records(names.Outcomes())...)
		}
		if err := finish(ctx, to, outcomes); err != nil {
			return fmt.Errorf("writing the outcomes of a replay (the letters are on their way, and still on the list): %w", err)
		}
		done(len(chunk))
	}
	return nil
}

// finishWithin bounds how long a replay that was asked to end goes on, to take off the list what is back on its topic.
const finishWithin = 10 * time.Second

// finish publishes a chunk's outcomes though ctx may have ended: the letters are on their way, and would be replayed twice.
func finish(ctx context.Context, to stream.Publisher, outcomes []stream.Record) error {
	within, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(finishWithin, cancel) })()
	return to.Publish(within, outcomes...)
}

// outcomesOf are the outcomes of a chunk whose replay began at a time: one for each stage and dataset. It names every copy of
// a letter on the topic.
func outcomesOf(names topic.Names, chunk []*Letter, began time.Time) []*event.Outcome {
	type of struct {
		stage   fault.Stage
		dataset string
	}
	var order []*event.Outcome
	byGroup := map[of]*event.Outcome{}
	for _, l := range chunk {
		group := of{l.death.Stage, l.Dataset}
		o := byGroup[group]
		if o == nil {
			o = &event.Outcome{BatchID: event.NewBatchID(), Stage: group.stage, Dataset: group.dataset, StartedAt: began, EndedAt: began}
			byGroup[group] = o
			order = append(order, o)
		}
		for _, p := range l.copies {
			o.Events = append(o.Events, event.EventFate{
				ID: l.EventID, Name: l.EventName, Channel: l.Channel, Source: l.Source, Trust: event.Trust(l.Trust), Fate: fault.Replayed,
				Topic: names.DeadLetters(), Partition: p.partition, Offset: p.offset,
			})
		}
	}
	return order
}
