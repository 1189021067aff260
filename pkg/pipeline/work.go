package pipeline

import (
	"context"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// ahead is how many chunks may wait for one partition. A partition whose record is tried again and again holds up the
// consumer's other partitions only once that many chunks wait.
const ahead = 4

// work hands the records of each partition to the chain one after the other, and those of several partitions side by
// side. A record is settled when the chain returns nil. The chain returns an error only when the generation or its
// drain has ended: the next owner of the partition then reads this record, and all records behind it, again. A record that was
// replayed for another stage is settled as it is.
func work(stage fault.Stage, chain Handler) stream.Work {
	return func(ctx, drain context.Context, in <-chan stream.Chunk) {
		type place struct {
			topic     string
			partition int
		}
		// A requested stop or a rebalance ends pauses at once; a handler that is running may finish until the drain
		// ends.
		partitions := map[place]chan stream.Chunk{}
		var wg sync.WaitGroup
		for chunk := range in {
			at := place{chunk.Topic, chunk.Partition}
			queue := partitions[at]
			if queue == nil {
				queue = make(chan stream.Chunk, ahead)
				partitions[at] = queue
				wg.Go(func() { each(ctx, drain, stage, chain, queue) })
			}
			select {
			case queue <- chunk:
			case <-ctx.Done(): // never settled: the next owner reads it again
			}
		}
		for _, queue := range partitions {
			close(queue)
		}
		wg.Wait()
	}
}

// each handles the chunks of one partition. Once the generation has ended, it begins no further record.
func each(ctx, drain context.Context, stage fault.Stage, chain Handler, queue <-chan stream.Chunk) {
	stopped := false
	for chunk := range queue {
		for i := range chunk.Records {
			if stopped = stopped || ctx.Err() != nil; stopped {
				break
			}
			if r := &chunk.Records[i]; event.IsFor(stage, r) {
				if err := chain(withStop(drain, ctx), r); err != nil {
					stopped = true
					break
				}
			}
			chunk.Settle(i)
		}
	}
}

type stopKey struct{}

// withStop returns drain with generation as a value: a handler may work until drain ends, but pauses end with
// generation.
func withStop(drain, generation context.Context) context.Context {
	return context.WithValue(drain, stopKey{}, generation)
}

// stopping returns the generation's context, with which pauses end, rather than the drain's.
func stopping(ctx context.Context) context.Context {
	generation, ok := ctx.Value(stopKey{}).(context.Context)
	if !ok {
		return ctx
	}
	return generation
}
