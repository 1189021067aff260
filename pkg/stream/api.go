package stream

import (
	"context"
	"errors"
	"time"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Publisher is what a service needs of a producer.
type Publisher interface {
	// Publish returns nil when every record is on Kafka with acks=all. On an error some may be.
	Publish(ctx context.Context, recs ...Record) error
}

// ErrFull: the producer holds MaxPending bytes already. ErrClosed: after Close.
var (
	ErrFull     = errors.New("too many bytes are waiting for kafka")
	ErrClosed   = errors.New("producer is closed")
	ErrTooLarge = errors.New("record is too large for the topic")
)

// ProducerConfig bounds a producer; zero values take the defaults.
type ProducerConfig struct {
	MaxPending int64         // bytes; 64 MiB
	RetryFor   time.Duration // 60 s
}

// GroupConfig is one consumer group on one topic (or some).
type GroupConfig struct {
	Group    string
	Topics   []string
	Lookback int           // records before the committed offset, read again on assignment and handed on as History
	Drain    time.Duration // what a rebalance or a stop waits for unsettled records; 8 s
}

// Work handles one generation (the time between two rebalances). ctx ends with the generation; Work then has until
// drain ends to settle what it holds, and must return. in is closed after the last chunk.
type Work func(ctx, drain context.Context, in <-chan Chunk)

// Change is what Apply did or would do to a topic, or what Check found: Wrong is "" or what differs.
type Change struct {
	Spec    topic.Spec
	Exists  bool
	Created bool
	Wrong   string // e.g. "has 6 partitions, not 12"
}

// TopicInfo is a topic as it is.
type TopicInfo struct {
	topic.Spec
	Records int64 // end minus start offsets
}
