package app

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// work hands the chunks of one generation of the consumer to the lane, one at a time: while the lane has no room for the
// next, the fetchers wait.
func work(l *lane.Lane) stream.Work {
	return func(ctx, drain context.Context, in <-chan stream.Chunk) {
		chunks := make(chan lane.Chunk)
		handed := make(chan struct{})
		go func() {
			defer close(handed)
			hand(ctx, in, chunks)
		}()
		l.Work(ctx, drain, chunks)
		<-handed
	}
}

// hand passes chunks on until ctx ends or in is closed. It takes none after that: what is left is read again by the next owner
// of its partition.
func hand(ctx context.Context, in <-chan stream.Chunk, out chan<- lane.Chunk) {
	for {
		select {
		case <-ctx.Done():
			return
		case c, ok := <-in:
			if !ok {
				return
			}
			select {
			case <-ctx.Done():
				return
			case out <- lane.Chunk{Partition: c.Partition, Records: c.Records, History: c.History, Settler: &c}:
			}
		}
	}
}
