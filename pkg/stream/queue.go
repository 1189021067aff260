package stream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// publishPauses is how long a batch waits before it is tried again.
var publishPauses = backoff.Pauses{Min: 20 * time.Millisecond, Max: 500 * time.Millisecond}

// queue is one partition's batches. At most one of them is on its way, so that order is kept over retries.
type queue struct {
	topic     string
	partition int

	mu      sync.Mutex
	waiting []*recordBatch // the first is sent next, the last takes more records
	busy    bool           // with its sender, on its way, or waiting for its next attempt

	// These belong to the goroutine that serves the busy queue.
	sending *recordBatch
	id      int64
	seq     int32
	banned  int64 // a producer id that must not be used again on this partition
}

// add puts a record into the open batch. idle says that the queue is to be scheduled.
func (q *queue) add(r *Record, ms, n int64, now time.Time) (b *recordBatch, index int, idle bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if k := len(q.waiting); k > 0 && q.waiting[k-1].fits(int(n)) {
		b = q.waiting[k-1]
	} else {
		b = newRecordBatch(now)
		q.waiting = append(q.waiting, b)
	}
	index = b.add(r, ms, n)
	idle, q.busy = !q.busy, true
	return b, index, idle
}

// take returns the batch to send: the one that failed before, else the next.
func (q *queue) take() *recordBatch {
	if q.sending != nil {
		return q.sending
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sending = q.waiting[0]
	q.waiting[0] = nil
	q.waiting = q.waiting[1:]
	return q.sending
}

// more says whether another batch waits; if none does the queue is idle from then on.
func (q *queue) more() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busy = len(q.waiting) > 0
	return q.busy
}

// again puts batches before those that wait.
func (q *queue) again(bs ...*recordBatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(bs, q.waiting...)
}

// ban gives up the producer id after a batch that may or may not be in the log. Kafka compares sequence numbers, not
// contents: the next batch under the same numbers would be taken for a repeat, answered with success and not written.
func (q *queue) ban() { q.banned = q.id }

// stamp gives the batch the queue's next sequence under the given producer id, and makes its bytes; packed: as encode has it.
func (q *queue) stamp(b *recordBatch, id int64, epoch int16, packed bool) {
	if q.id != id {
		q.id, q.seq = id, 0
	}
	b.encode(stamp{id, epoch, q.seq}, packed)
}

// written moves the sequence number past b. Sequences wrap to 0, not to a negative number.
func (q *queue) written(b *recordBatch) { q.seq = int32((int64(q.seq) + int64(b.count)) & 0x7fffffff) }

// action is what to do with a record batch after an attempt to send it.
type action int

const (
	written action = iota
	retry          // send the same bytes again
	restamp        // the broker lost our sequence: send under a new producer id; it may be written twice, never lost
	unpack         // it does not take the codec: send uncompressed from now on
	isolate        // one of its records is refused: send halves; a single record fails
	abandon        // no retry can help
)

// actionFor classifies the result of an attempt; an error on none of the lists is retried.
func actionFor(err error) action {
	var code kafka.Error
	switch {
	case err == nil:
		return written
	case !errors.As(err, &code):
		return retry
	}
	switch code {
	case kafka.DuplicateSequenceNumber:
		return written
	case kafka.OutOfOrderSequenceNumber, kafka.UnknownProducerId, kafka.InvalidProducerEpoch:
		return restamp
	case kafka.UnsupportedCompressionType:
		return unpack
	case kafka.MessageSizeTooLarge, kafka.RecordListTooLarge, kafka.InvalidRecord, kafka.InvalidTimestamp:
		return isolate
	case kafka.TopicAuthorizationFailed, kafka.ClusterAuthorizationFailed, kafka.TransactionalIDAuthorizationFailed, kafka.InvalidTopic,
		kafka.PolicyViolation, kafka.UnsupportedVersion, kafka.UnsupportedForMessageFormat, kafka.InvalidRequiredAcks:
		return abandon
	default:
		return retry
	}
}

// refusal is the error of a record that Kafka refuses.
func refusal(topic string, err error) error {
	if errors.Is(err, kafka.MessageSizeTooLarge) || errors.Is(err, kafka.RecordListTooLarge) {
		return fmt.Errorf("publishing to %s: %w", topic, ErrTooLarge)
	}
	if isDenial(err) {
		return fmt.Errorf("publishing to %s: kafka denies it to the user of kafka.sasl: %w", topic, err)
	}
	return fmt.Errorf("publishing to %s: %w", topic, err)
}

const noProducerID = -1

// producerIDs hands out the producer's current id, or a new one to a partition where the current one is banned.
type producerIDs struct {
	client *kafka.Client
	mu     sync.Mutex
	known  bool
	id     int64
	epoch  int16
}

func (p *producerIDs) get(ctx context.Context, banned int64) (int64, int16, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known && p.id != banned {
		return p.id, p.epoch, nil
	}
	// kafka-go sends 0/0 for "none" unless told.
	r, err := p.client.InitProducerID(ctx, &kafka.InitProducerIDRequest{ProducerID: -1, ProducerEpoch: -1})
	if err == nil {
		err = r.Error
	}
	if err != nil {
		return 0, 0, fmt.Errorf("asking for a producer id: %w", err)
	}
	p.id, p.epoch, p.known = int64(r.Producer.ProducerID), int16(r.Producer.ProducerEpoch), true
	return p.id, p.epoch, nil
}
