package stream_test

import (
	"errors"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestPublishEachSaysOfEach: each record has its own end, and those that fail hold up none of the others.
func TestPublishEachSaysOfEach(t *testing.T) {
	g := newGround(t, 3)
	p := g.producer(stream.ProducerConfig{RetryFor: time.Second})
	large, missing := g.record("b", 1), g.record("c", 2)
	large.Value, missing.Topic = make([]byte, topic.MaxRecordBytes+1), g.topic+".none"
	errs := p.PublishEach(t.Context(), g.record("a", 0), large, missing, g.record("d", 3))
	if errs[0] != nil || errs[3] != nil || !errors.Is(errs[1], stream.ErrTooLarge) || !errors.Is(errs[2], stream.ErrMissing) {
		t.Errorf("%v", errs)
	}
	if !stream.Refused(errs[1]) || !stream.Refused(errs[2]) || stream.Refused(stream.ErrFull) || stream.Refused(nil) {
		t.Error("what Kafka refuses is told wrongly")
	}
	if got := sorted(g.stored()); len(got) != 2 || got[0] != "0" || got[1] != "3" {
		t.Errorf("stored: %v", got)
	}
	if left := p.Pending(); left != 0 {
		t.Errorf("%d bytes pending", left)
	}
}

// TestClusterID: the cluster's id is known, and the same each time.
func TestClusterID(t *testing.T) {
	c := kafkatest.Client(t)
	id, err := c.ClusterID(t.Context())
	if err != nil || id == "" {
		t.Fatalf("%q %v", id, err)
	}
	if again, err := c.ClusterID(t.Context()); again != id || err != nil {
		t.Errorf("%q, then %q %v", id, again, err)
	}
}
