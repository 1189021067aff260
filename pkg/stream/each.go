package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// PublishEach is Publish for a caller that must know of each record: one error a record, nil for those that are on Kafka with
// acks=all. Records of one partition are written in the order of recs.
func (p *Producer) PublishEach(ctx context.Context, recs ...Record) []error {
	errs, slots := make([]error, len(recs)), make([]slot, len(recs))
	for i := range recs {
		slots[i], errs[i] = p.put(ctx, &recs[i])
	}
	for i := range recs {
		if errs[i] == nil {
			errs[i] = p.await(ctx, &recs[i], slots[i])
		}
	}
	return errs
}

// put enqueues one record.
func (p *Producer) put(ctx context.Context, r *Record) (slot, error) {
	if TooLarge(r) {
		return slot{}, &TooLargeError{Topic: r.Topic, Indexes: []int{0}}
	}
	if err := ctx.Err(); err != nil {
		return slot{}, fmt.Errorf("publishing to %s: %w", r.Topic, err)
	}
	return p.again(ctx, r)
}

// await waits for the end of one record.
func (p *Producer) await(ctx context.Context, r *Record, at slot) error {
	for {
		select {
		case <-at.batch.done:
		case <-ctx.Done():
			return fmt.Errorf("publishing to %s: %w", r.Topic, ctx.Err())
		}
		if at.batch.failed == nil {
			return nil
		}
		err := at.batch.errOf(at.index)
		if !errors.Is(err, errGone) {
			return err
		}
		if at, err = p.again(ctx, r); err != nil {
			return err
		}
	}
}

// Refused says that an error of Publish or PublishEach is Kafka's no to the record itself or to its topic: it says the same the
// next time, unless a person changes something.
func Refused(err error) bool {
	if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrMissing) {
		return true
	}
	next := actionFor(err)
	return err != nil && (next == isolate || next == abandon)
}

// ClusterID is the id that the cluster gave itself when it was made.
func (c *Client) ClusterID(ctx context.Context) (string, error) {
	m, err := c.metadata(ctx)
	if err != nil {
		return "", fmt.Errorf("asking kafka for its cluster id: %w", err)
	}
	if m.ClusterID == "" {
		return "", errors.New("asking kafka for its cluster id: it has none")
	}
	return m.ClusterID, nil
}

// TooLarge says that no topic of its kind takes a record: Publish refuses it without asking Kafka.
func TooLarge(r *Record) bool { return size(r) > topic.MaxBytes(r.Topic) }
