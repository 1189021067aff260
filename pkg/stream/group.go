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
}

// Work handles one generation (the time between two rebalances). ctx ends with the generation; Work then has until
// drain ends to settle what it holds, and must return. in is closed after the last chunk. Alive says of ctx whether the
// partitions are still sure to be this member's.
type Work func(ctx, drain context.Context, in <-chan Chunk)
