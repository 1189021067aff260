package stream_test

import (
	"slices"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestLostAnswersRepeatNothing: the broker writes, its answer is lost, and the retry writes nothing again.
func TestLostAnswersRepeatNothing(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	p := g.producer(stream.ProducerConfig{})
	for i := range 20 {
		g.network.lose.Store(int64(i % 3))
		if err := p.Publish(t.Context(), g.record("k", i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := g.stored(); !slices.Equal(got, numbers(0, 20)) {
		t.Errorf("stored %v", got)
	}
}

// TestGivenUpBatchBansItsProducerID: a batch is written but given up, its answers being lost. Kafka compares sequence
// numbers, not contents: under the same ones it would acknowledge the next batch and drop it.
func TestGivenUpBatchBansItsProducerID(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	p := g.producer(stream.ProducerConfig{RetryFor: 20 * time.Millisecond})
	if err := p.Publish(t.Context(), g.record("k", 0)); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < 9; i += 2 {
		g.network.lose.Store(1 << 30)
		if err := p.Publish(t.Context(), g.record("k", i)); err == nil {
			t.Fatal("a batch without an answer is acknowledged")
		}
		g.network.lose.Store(0)
		if err := p.Publish(t.Context(), g.record("k", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if got := g.stored(); !slices.Equal(got, numbers(0, 9)) {
		t.Errorf("stored %v: what was acknowledged is lost, or something is repeated", got)
	}
}
