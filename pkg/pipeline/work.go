package pipeline

import (
	"context"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// ahead is how many chunks one partition may wait with: a partition whose record is tried again and again holds up the
// others of its member only once it has fallen so far behind.
const ahead = 4

// work hands each partition's records to the chain one after the other, partitions side by side. A record is settled
// when the chain returns nil. It returns anything else only when the drain has ended: the record is then left to the next
// owner, and so are those behind it.
func work(chain Handler) stream.Work {
	return func(ctx, drain context.Context, in <-chan stream.Chunk) {
		type place struct {
			topic     string
			partition int
		}
		// A requested stop or a rebalance ends the pauses at once; a handler that is at work gets until the drain ends.
		partitions := map[place]chan stream.Chunk{}
		var wg sync.WaitGroup
		for chunk := range in {
			at := place{chunk.Topic, chunk.Partition}
			queue := partitions[at]
			if queue == nil {
				queue = make(chan stream.Chunk, ahead)
				partitions[at] = queue
				wg.Go(func() { each(ctx, drain, chain, queue) })
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

// each handles one partition's chunks. Once the generation has ended no further record is begun.
func each(ctx, drain context.Context, chain Handler, queue <-chan stream.Chunk) {
	stopped := false
	for chunk := range queue {
		for i := range chunk.Records {
			if stopped = stopped || ctx.Err() != nil; stopped {
				break
			}
			if err := chain(withStop(drain, ctx), &chunk.Records[i]); err != nil {
				stopped = true
				break
			}
			chunk.Settle(i)
		}
	}
}

type stopKey struct{}

// withStop carries the end of the generation beside the drain's context: pauses end with the first, work with the second.
func withStop(drain, generation context.Context) context.Context {
	return context.WithValue(drain, stopKey{}, generation)
}

// stopping ends with the generation: pauses are to wait for it, not for the end of the drain.
func stopping(ctx context.Context) context.Context {
	generation, ok := ctx.Value(stopKey{}).(context.Context)
	if !ok {
		return ctx
	}
	return generation
}
