package stream_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestAllReplicasAcknowledge: every produce request, a repetition too, asks for the acknowledgement of all replicas in sync: an
// answer of the leader alone dies with the leader.
func TestAllReplicasAcknowledge(t *testing.T) {
	t.Parallel()
	c, g := newCluster(t, 2)
	var asked, weak atomic.Int64
	c.ControlKey(int16(kmsg.Produce), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		asked.Add(1)
		if r.(*kmsg.ProduceRequest).Acks != -1 {
			weak.Add(1)
		}
		return nil, nil, false
	})
	p := g.producer(stream.ProducerConfig{})
	for i := range 6 {
		if i == 3 {
			g.network.lose.Store(1)
		}
		if err := p.Publish(t.Context(), g.record(string(rune('a'+i)), i)); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() < 7 || weak.Load() > 0 {
		t.Errorf("%d of %d requests do without a replica's acknowledgement", weak.Load(), asked.Load())
	}
}

// TestTwoReplicasMustHaveIt (F22): a topic of three replicas takes nothing that fewer than two of them would hold; one that somebody
// made otherwise is named, with what to do.
func TestTwoReplicasMustHaveIt(t *testing.T) {
	t.Parallel()
	_, g := newCluster(t, 0)
	spec := topic.Spec{Name: g.topic, Partitions: 1, Replication: 3, Retention: time.Hour}
	if _, err := g.client.Apply(t.Context(), []topic.Spec{spec}, false); err != nil {
		t.Fatal(err)
	}
	res, err := g.admin().DescribeConfigs(t.Context(), &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{
		{ResourceType: kafka.ResourceTypeTopic, ResourceName: g.topic, ConfigNames: []string{"min.insync.replicas"}},
	}})
	if err != nil || len(res.Resources) != 1 || res.Resources[0].Error != nil {
		t.Fatal(err, res)
	}
	at := slices.IndexFunc(res.Resources[0].ConfigEntries, func(e kafka.DescribeConfigResponseConfigEntry) bool {
		return e.ConfigName == "min.insync.replicas"
	})
	if at < 0 || res.Resources[0].ConfigEntries[at].ConfigValue != "2" {
		t.Errorf("%+v", res.Resources[0].ConfigEntries)
	}
	if changes, err := g.client.Check(t.Context(), []topic.Spec{spec}); err != nil || changes[0].Wrong != "" {
		t.Errorf("what Apply made: %+v, %v", changes, err)
	}
	weak := spec
	weak.Name += ".weak"
	made, err := g.admin().CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: weak.Name, NumPartitions: 1, ReplicationFactor: 3, ConfigEntries: []kafka.ConfigEntry{{ConfigName: "min.insync.replicas", ConfigValue: "1"}},
	}}})
	if err != nil || made.Errors[weak.Name] != nil {
		t.Fatal(err, made)
	}
	const want = "acknowledges what 1 replica has, not 2: set its min.insync.replicas"
	if _, err := g.client.Apply(t.Context(), []topic.Spec{weak}, false); err == nil || !strings.Contains(err.Error(), weak.Name+" "+want) {
		t.Errorf("somebody's own: %v", err)
	}
}

// TestAnswerThatLeavesAPartitionOut is no acknowledgement of it: the batch is sent again.
func TestAnswerThatLeavesAPartitionOut(t *testing.T) {
	t.Parallel()
	c, g := newCluster(t, 1)
	p := g.producer(stream.ProducerConfig{})
	if err := p.Publish(t.Context(), g.record("k", 0)); err != nil {
		t.Fatal(err)
	}
	empty := func(r kmsg.Request) (kmsg.Response, error, bool) { return r.ResponseKind(), nil, true }
	c.ControlKey(int16(kmsg.Produce), empty)
	for i := 1; i < 3; i++ {
		if err := p.Publish(t.Context(), g.record("k", i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := g.stored(); !slices.Equal(got, numbers(0, 3)) {
		t.Errorf("stored %v", got)
	}
}
