package stream_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// heldPublish starts a Publish whose answer is kept back.
func (g *ground) heldPublish(p *stream.Producer, number int) (answer chan error, release func()) {
	g.Helper()
	if err := p.Publish(g.Context(), g.record("k", 0)); err != nil { // the connection is there
		g.Fatal(err)
	}
	release = g.network.hold()
	before := g.network.produced.Load()
	answer = make(chan error, 1)
	go func() { answer <- p.Publish(context.Background(), g.record("k", number)) }()
	g.await("the request", func() bool { return g.network.produced.Load() > before })
	return answer, release
}

// TestCloseWaitsForWhatIsQueued, and refuses what comes after.
func TestCloseWaitsForWhatIsQueued(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	p := g.client.NewProducer(stream.ProducerConfig{})
	answer, release := g.heldPublish(p, 1)
	closed := make(chan error, 1)
	go func() { closed <- p.Close(t.Context()) }()
	g.await("Close", func() bool { return errors.Is(p.Publish(t.Context()), stream.ErrClosed) })
	select {
	case err := <-closed:
		t.Fatalf("closed with a batch on its way: %v", err)
	case err := <-answer:
		t.Fatalf("answered by Close: %v", err)
	default:
	}
	release()
	if err := errors.Join(<-answer, <-closed); err != nil {
		t.Error(err)
	}
	if got := g.stored(); !slices.Contains(got, "1") {
		t.Errorf("stored %v", got)
	}
}

// TestCloseGivesUp when its ctx ends: what is left fails with ErrClosed, and nothing is pending.
func TestCloseGivesUp(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	p := g.client.NewProducer(stream.ProducerConfig{})
	answer, release := g.heldPublish(p, 1)
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("closing: %v", err)
	}
	if err := <-answer; !errors.Is(err, stream.ErrClosed) {
		t.Errorf("what was left: %v", err)
	}
	if left := p.Pending(); left != 0 {
		t.Errorf("%d bytes pending", left)
	}
}

// TestTheCallersMemoryIsItsOwn when Publish returns, also when ctx ended before the answer: what is written is what was
// handed in.
func TestTheCallersMemoryIsItsOwn(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	p := g.producer(stream.ProducerConfig{})
	answer, release := g.heldPublish(p, 1)
	ctx, cancel := context.WithCancel(t.Context())
	r := g.record("k", 2)
	returned := make(chan error, 1)
	go func() { returned <- p.Publish(ctx, r) }()
	g.await("the record to be queued", func() bool { return p.Waiting(g.topic, 0) == 1 })
	cancel()
	if err := <-returned; !errors.Is(err, context.Canceled) {
		t.Errorf("publishing: %v", err)
	}
	copy(r.Value, "X")
	copy(r.Key, "X")
	release()
	if err := <-answer; err != nil {
		t.Error(err)
	}
	g.await("the second record", func() bool { return p.Pending() == 0 })
	if got := g.stored(); !slices.Equal(got, numbers(0, 3)) {
		t.Errorf("stored %v", got)
	}
}
