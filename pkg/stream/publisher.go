package stream

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Publisher is what a service needs of a producer.
type Publisher interface {
	// Publish returns nil when every record is on Kafka with acks=all. On an error some may be.
	Publish(ctx context.Context, recs ...Record) error
}

// Errors of Publish, besides ctx's own and Kafka's.
var (
	ErrFull     = errors.New("too many bytes are waiting for kafka") // MaxPending is reached, or what records that yield may take of it: try later
	ErrClosed   = errors.New("producer is closed")
	ErrTooLarge = errors.New("record is too large for the topic") // see TooLargeError
	ErrMissing  = errors.New("topic is missing")                  // for all of RetryFor
)

// TooLargeError is an ErrTooLarge that says which of Publish's records it is about. Every other record is on Kafka.
type TooLargeError struct {
	Topic   string // of the first
	Index   int    // of the first in Publish's arguments
	Indexes []int  // of all, ascending
}

// Error implements error.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("publishing to %s: %v", e.Topic, ErrTooLarge)
}

// Is makes errors.Is(err, ErrTooLarge) true.
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

// ProducerConfig bounds a producer; zero values take the defaults.
type ProducerConfig struct {
	MaxPending int64         // bytes; 64 MiB
	Reserved   int64         // bytes of MaxPending that records which yield leave to the others; none
	RetryFor   time.Duration // how long a batch is tried again before Publish fails; 60 s
}
