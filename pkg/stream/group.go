package stream

import (
	"context"
	"time"
)

// GroupConfig is one consumer group on one topic (or some).
type GroupConfig struct {
	Group    string
	Topics   []string
	Lookback int           // records before the committed offset, read again on assignment and handed on as History
	Drain    time.Duration // what a rebalance or a stop waits for unsettled records; 8 s
	// Whole says that the group is to consume all that its topics ever held: what is gone before its first commit is lost to it. To
	// others it is what was there before they came.
	Whole bool
	// Lost records a loss; the position moves past it once it has returned nil. The same loss may come again. nil: losses are
	// logged and counted only.
	Lost func(ctx context.Context, l Loss) error
}

// Work handles one generation (the time between two rebalances). ctx ends with the generation; Work then has until
// drain ends to settle what it holds, and must return. in is closed after the last chunk. Alive says of ctx whether the
// partitions are still sure to be this member's.
type Work func(ctx, drain context.Context, in <-chan Chunk)
