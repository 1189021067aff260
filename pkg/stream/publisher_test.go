package stream_test

import (
	"errors"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestPublishRefusesTooMuch: what is full or too large is refused whole, and nothing stays pending.
func TestPublishRefusesTooMuch(t *testing.T) {
	c, n := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, c, n, 1)
	p := c.NewProducer(stream.ProducerConfig{MaxPending: 2 << 20})
	r := stream.Record{Topic: n.Outcomes(), Value: make([]byte, 900_000)}
	large := stream.Record{Topic: n.Outcomes(), Value: make([]byte, topic.MaxRecordBytes+1)}
	var which *stream.TooLargeError
	if err := p.Publish(t.Context(), r, large); !errors.Is(err, stream.ErrTooLarge) || !errors.As(err, &which) || which.Index != 1 {
		t.Errorf("too large: %v", err)
	}
	if err := p.Publish(t.Context(), r, r, r); !errors.Is(err, stream.ErrFull) {
		t.Errorf("full: %v", err)
	}
	if err := p.Publish(t.Context(), r, r); err != nil {
		t.Error(err)
	}
	if left := p.Pending(); left != 0 {
		t.Errorf("%d bytes pending after all answers", left)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := p.Publish(t.Context(), r); !errors.Is(err, stream.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// TestPublishReserves: records that yield leave the others what is reserved, and what they took is given back.
func TestPublishReserves(t *testing.T) {
	c, n := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, c, n, 1)
	p := c.NewProducer(stream.ProducerConfig{MaxPending: 3 << 20, Reserved: 2 << 20})
	r := stream.Record{Topic: n.Outcomes(), Value: make([]byte, 600_000)}
	yields := r
	yields.Yields = true
	if err := p.Publish(t.Context(), yields, yields); !errors.Is(err, stream.ErrFull) {
		t.Errorf("two that yield: %v", err)
	}
	for name, recs := range map[string][]stream.Record{"two": {r, r}, "one that yields": {yields}, "both": {yields, r, r}} {
		if err := p.Publish(t.Context(), recs...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if all, yield := p.Pending(), p.PendingThatYield(); all != 0 || yield != 0 {
			t.Errorf("%s: %d bytes pending after all answers, %d that yield", name, all, yield)
		}
	}
	if err := p.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
