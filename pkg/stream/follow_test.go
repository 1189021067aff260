package stream_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// told is what a follower was told.
type told struct {
	mu     sync.Mutex
	values []string
	caught int
	absent string
}

func (s *told) follower() stream.Follower {
	locked := func(fn func()) {
		s.mu.Lock()
		defer s.mu.Unlock()
		fn()
	}
	return stream.Follower{
		Record: func(r *stream.Record) {
			locked(func() { s.values = append(s.values, string(r.Key)+"="+string(r.Value)) })
		},
		CaughtUp: func() { locked(func() { s.caught = len(s.values) }) },
		Absent:   func(_ bool, err error) { locked(func() { s.absent = err.Error() }) },
		Failed:   func(error) {},
	}
}

func (s *told) is(fn func() bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn()
}

// TestFollow: a topic that is not there is said to be absent; once it is made, all it holds is told and then what comes, tombstones, too;
// made anew it is read from its start.
func TestFollow(t *testing.T) {
	t.Parallel()
	g, client, names := newGround(t, 1), kafkatest.Client(t), kafkatest.Names(t)
	name := names.Suppressions()
	spec := []topic.Spec{{Name: name, Partitions: 2, Replication: 1, Compacted: true}}
	ctx, stop := context.WithCancel(t.Context())
	s, done := &told{}, make(chan struct{})
	go func() {
		defer close(done)
		if err := client.Follow(ctx, name, s.follower()); err != nil {
			t.Error(err)
		}
	}()
	defer func() { stop(); <-done }()
	p := client.NewProducer(stream.ProducerConfig{})
	defer func() { _ = p.Close(context.Background()) }()
	put := func(pairs ...string) {
		t.Helper()
		for _, pair := range pairs {
			key, value, _ := strings.Cut(pair, "=")
			r := stream.Record{Topic: name, Key: []byte(key), Time: time.Now()}
			if value != "" {
				r.Value = []byte(value)
			}
			if err := p.Publish(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	await := func(what string, ok func() bool) {
		t.Helper()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for end := time.Now().Add(time.Minute); !s.is(ok); <-tick.C {
			if time.Now().After(end) {
				t.Fatalf("never: %s; told %v", what, s.values)
			}
		}
	}
	await("absent", func() bool { return strings.Contains(s.absent, "missing") })
	for round := range 2 {
		if _, err := client.Apply(t.Context(), spec, false); err != nil {
			t.Fatal(err)
		}
		put("a=1", "b=2", "c=3", "b=")
		want := 4 * (round + 1)
		await("what it holds", func() bool { return len(s.values) == want && s.caught == want })
		if tail := s.values[want-4:]; !slices.Contains(tail, "b=") || slices.Index(tail, "b=") < slices.Index(tail, "b=2") {
			t.Errorf("told %v", tail)
		}
		if changes, err := client.Check(t.Context(), spec); err != nil || changes[0].Wrong != "" || changes[0].Bytes != "" {
			t.Errorf("%+v, %v", changes, err)
		}
		if _, err := g.admin().DeleteTopics(t.Context(), &kafka.DeleteTopicsRequest{Topics: []string{name}}); err != nil {
			t.Fatal(err)
		}
		g.await("it is gone", func() bool { // a broker may still show it for a moment
			infos, err := client.Topics(t.Context(), name)
			return err == nil && len(infos) == 0
		})
	}
}

// TestFollowFrom: a follower that kept its position reads on from there, is told where each partition ends, and learns from the topic's
// id that another topic has its name.
func TestFollowFrom(t *testing.T) {
	t.Parallel()
	g, client, names := newGround(t, 1), kafkatest.Client(t), kafkatest.Names(t)
	name := names.Outcomes()
	spec := []topic.Spec{{Name: name, Partitions: 1, Replication: 1, Retention: time.Hour}}
	p := client.NewProducer(stream.ProducerConfig{})
	defer func() { _ = p.Close(context.Background()) }()
	var ids []string
	for range 2 {
		if _, err := client.Apply(t.Context(), spec, false); err != nil {
			t.Fatal(err)
		}
		for _, v := range []string{"0", "1", "2"} {
			if err := p.Publish(t.Context(), stream.Record{Topic: name, Key: []byte("k"), Value: []byte(v), Time: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		s := &told{}
		f := s.follower()
		f.From = func(b stream.Bounds) int64 {
			if b.Partition != 0 || b.First != 0 || b.End != 3 || b.Next != 0 || b.Topic == "" {
				t.Errorf("bounds %+v", b)
			}
			ids = append(ids, b.Topic)
			return 2
		}
		f.Fetched = func(partition int, next, end int64) {
			if partition != 0 || next > end {
				t.Errorf("partition %d: told up to %d of %d", partition, next, end)
			}
			if next == 3 && end == 3 {
				stop()
			}
		}
		if err := client.Follow(ctx, name, f); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.values, []string{"k=2"}) {
			t.Errorf("told %v", s.values)
		}
		stop()
		if _, err := g.admin().DeleteTopics(t.Context(), &kafka.DeleteTopicsRequest{Topics: []string{name}}); err != nil {
			t.Fatal(err)
		}
		g.await("it is gone", func() bool {
			infos, err := client.Topics(t.Context(), name)
			return err == nil && len(infos) == 0
		})
	}
	if ids = slices.Compact(ids); len(ids) != 2 {
		t.Errorf("ids %v", ids)
	}
}

// TestForgetful: a topic that would forget persons by age is wrong.
func TestForgetful(t *testing.T) {
	t.Parallel()
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	spec := topic.Spec{Name: names.Suppressions(), Partitions: 1, Replication: 1, Retention: time.Hour}
	if _, err := client.Apply(t.Context(), []topic.Spec{spec}, false); err != nil {
		t.Fatal(err)
	}
	spec.Compacted, spec.Retention = true, 0
	changes, err := client.Check(t.Context(), []topic.Spec{spec})
	if err != nil || !strings.Contains(changes[0].Wrong, "cleanup.policy") {
		t.Errorf("%+v, %v", changes, err)
	}
}
