package app

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// work hands a generation's chunks to the lane, one at a time: what the lane does not take, the fetchers wait with.
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

// hand ends with the generation or with in, and takes nothing more after that: the rest is read again.
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
