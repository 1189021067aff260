package stream_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestMissingTopicIsWaitedFor: a consumer says that it is not ready, and why, once; nobody makes the topic on the side;
// when it is there both sides go on by themselves.
func TestMissingTopicIsWaitedFor(t *testing.T) {
	t.Parallel()
	g := newGround(t, 0)
	s := &seen{}
	c, stop := g.consume(s.settleAll)
	p := g.producer(stream.ProducerConfig{})
	published := make(chan error, 1)
	go func() { published <- p.Publish(t.Context(), g.record("k", 0)) }()
	g.await("a line in the log", func() bool { return g.log.with("is missing") > 0 })
	if err := c.Ready(); err == nil || !strings.Contains(err.Error(), "topic "+g.topic+" is missing") {
		t.Errorf("ready: %v", err)
	}
	if infos, err := g.client.Topics(t.Context(), g.topic); err != nil || len(infos) != 0 {
		t.Errorf("the topic exists: %v, %v", infos, err)
	}
	select {
	case err := <-published:
		t.Fatalf("published to a missing topic: %v", err)
	default:
	}
	g.create(2)
	g.await("the member", func() bool { return c.Ready() == nil })
	if err := <-published; err != nil {
		t.Error(err)
	}
	g.await("the record", func() bool { return s.distinct() == 1 })
	if n := g.log.with("is missing"); n != 1 {
		t.Errorf("%d lines about the missing topic:\n%s", n, g.log)
	}
	stop()
	if err := c.Ready(); err == nil {
		t.Error("ready after the stop")
	}
}

// TestMissingTopicEndsPublish once RetryFor is over.
func TestMissingTopicEndsPublish(t *testing.T) {
	t.Parallel()
	g := newGround(t, 0)
	p := g.producer(stream.ProducerConfig{RetryFor: 100 * time.Millisecond})
	if err := p.Publish(t.Context(), g.record("k", 0)); !errors.Is(err, stream.ErrMissing) {
		t.Errorf("publishing: %v", err)
	}
	if left := p.Pending(); left != 0 {
		t.Errorf("%d bytes pending", left)
	}
}

// TestApplyMakesAndChecks: what is missing is made, what is there is compared, never altered.
func TestApplyMakesAndChecks(t *testing.T) {
	t.Parallel()
	g := newGround(t, 0)
	spec := topic.Spec{Name: g.topic, Partitions: 2, Replication: 1, Retention: time.Hour}
	for _, step := range []struct {
		dry, exists, created bool
	}{{dry: true, created: true}, {created: true}, {exists: true}} {
		changes, err := g.client.Apply(t.Context(), []topic.Spec{spec}, step.dry)
		if want := []stream.Change{{Spec: spec, Exists: step.exists, Created: step.created}}; err != nil || !slices.Equal(changes, want) {
			t.Fatalf("%+v: %+v, %v", step, changes, err)
		}
	}
	wrong := topic.Spec{Name: g.topic, Partitions: 3, Replication: 2, Retention: 2 * time.Hour}
	other := topic.Spec{Name: g.topic + ".other", Partitions: 1, Replication: 1, Retention: time.Hour}
	const want = "has 2 partitions, not 3; has replication 1, not 2; is kept 1h0m0s, not 2h0m0s"
	if _, err := g.client.Apply(t.Context(), []topic.Spec{wrong, other}, false); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a wrong shape: %v", err)
	}
	tight, wide := spec, spec
	tight.Bytes, wide.Name, wide.Bytes = 1<<30, g.topic+".wide", 2<<30
	if _, err := g.client.Apply(t.Context(), []topic.Spec{wide}, false); err != nil {
		t.Fatal(err)
	}
	for _, kept := range []struct {
		name string
		is   topic.Spec
		want int64
		says string
		cuts bool
	}{
		{"as it is to be", wide, 2 << 30, "", false},
		{"more than it is to", wide, 1 << 30, "", false},
		{"no bound is asked for", wide, 0, "", false},
		{"less", wide, 4 << 30, "keeps 2147483648 bytes of a partition, not 4294967296", true},
		{"without a bound", spec, 1 << 30, "has no retention.bytes", false},
	} {
		kept.is.Bytes = kept.want
		changes, err := g.client.Apply(t.Context(), []topic.Spec{kept.is}, false)
		if err != nil || !strings.HasPrefix(changes[0].Bytes, kept.says) || (changes[0].Bytes == "") != (kept.says == "") || changes[0].Cuts != kept.cuts {
			t.Errorf("%s: %+v, %v", kept.name, changes, err)
		}
	}
	g.publish(0, 30)
	infos, err := g.client.Topics(t.Context(), g.topic) // the other one was made beside a wrong one
	if want := []stream.TopicInfo{{Spec: spec, Records: 30}, {Spec: other}, {Spec: wide}}; err != nil || !slices.Equal(infos, want) {
		t.Errorf("topics: %+v, %v", infos, err)
	}
}
