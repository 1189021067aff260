package stream_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestTooLargeRecordsAreIsolated: a batch is too large for the broker, and three of its records are so even alone. They
// get the error, each publish its own; all others are written once, in order, and another partition goes on meanwhile.
func TestTooLargeRecordsAreIsolated(t *testing.T) {
	t.Parallel()
	const n, maxBytes = 60, 20_000
	g := newGround(t, 0)
	g.createSmall(2, maxBytes)
	p := g.producer(stream.ProducerConfig{})
	key, other := string(stream.KeyIn(0, 2)), string(stream.KeyIn(1, 2))
	if err := p.Publish(t.Context(), g.record(key, 0), g.record(other, 0)); err != nil {
		t.Fatal(err)
	}
	release := g.network.hold()
	first := make(chan error, 2)
	for _, k := range []string{key, other} { // keep both partitions busy, so that the rest gathers in one batch
		go func() { first <- p.Publish(t.Context(), g.record(k, 1)) }()
	}
	g.await("the first requests", func() bool { return g.network.produced.Load() >= 2 })
	large := []int{7, 30, 31}
	errs := make([]chan error, n)
	for i := range errs {
		errs[i] = make(chan error, 1)
		r := g.record(key, 100+i)
		r.Headers = []stream.Header{{Key: "filler", Value: []byte(strings.Repeat("x", 1000))}}
		if slices.Contains(large, i) {
			r.Headers[0].Value = noise(maxBytes)
		}
		go func() { errs[i] <- p.Publish(t.Context(), r) }()
		g.await("the record to be queued", func() bool { return p.Waiting(g.topic, 0) == i+1 })
	}
	var others []stream.Record
	for i := range 40 {
		others = append(others, g.record(other, 100+i))
	}
	rest := make(chan error, 1)
	go func() { rest <- p.Publish(t.Context(), others...) }()
	release()
	for i := range errs {
		err := <-errs[i]
		if want := slices.Contains(large, i); errors.Is(err, stream.ErrTooLarge) != want || err != nil && !want {
			t.Errorf("record %d: %v", i, err)
		}
	}
	if err := errors.Join(<-first, <-first, <-rest); err != nil {
		t.Error(err)
	}
	want := slices.Concat(numbers(0, 2), numbers(100, 107), numbers(108, 130), numbers(132, 160), numbers(0, 2), numbers(100, 140))
	if got := g.stored(); !slices.Equal(got, want) {
		t.Errorf("stored %v", got)
	}
	if left := p.Pending(); left != 0 {
		t.Errorf("%d bytes pending after all answers", left)
	}
}

// TestTooLargeSaysWhich: one Publish of many records names the one that the broker refuses.
func TestTooLargeSaysWhich(t *testing.T) {
	t.Parallel()
	g := newGround(t, 0)
	g.createSmall(1, 10_000)
	p := g.producer(stream.ProducerConfig{})
	var recs []stream.Record
	for i := range 9 {
		recs = append(recs, g.record("k", i))
	}
	recs[5].Value = noise(20_000)
	var which *stream.TooLargeError
	if err := p.Publish(t.Context(), recs...); !errors.As(err, &which) || which.Index != 5 || which.Topic != g.topic {
		t.Fatalf("publishing: %v", err)
	}
	if got := g.stored(); !slices.Equal(got, slices.Delete(numbers(0, 9), 5, 6)) {
		t.Errorf("stored %v", got)
	}
}
