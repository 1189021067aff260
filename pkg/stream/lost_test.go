package stream_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestLostRecordsAreSaid: retention passed the group's position. The gap is logged and counted, the rest is delivered,
// and a restart does not count it again.
func TestLostRecordsAreSaid(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.commit(5)
	g.deleteBefore(12)
	if got := g.read(8, false).values(); !slices.Equal(got, numbers(12, 20)) {
		t.Errorf("delivered %v", got)
	}
	if g.log.with("records are gone before they were consumed") != 1 || g.log.with("from=5 to=12") != 1 {
		t.Errorf("the log does not say once what is gone:\n%s", g.log)
	}
	const name = "omnicapi_consumer_lost_records_total"
	if got := g.metric(name); !maps.Equal(got, map[string]float64{"0": 7}) {
		t.Errorf("counted %v", got)
	}
	if at := g.committed(); at != 12 {
		t.Errorf("committed %d", at)
	}
	g.read(8, true)
	if got := g.metric(name)["0"]; got != 7 {
		t.Errorf("counted %v after a restart", got)
	}
}

// TestPositionPastTheEnd: the topic was made anew under a group that had come further. What it holds is delivered, and
// what is settled is committed.
func TestPositionPastTheEnd(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.commit(1000)
	if got := g.read(20, true).values(); !slices.Equal(got, numbers(0, 20)) {
		t.Errorf("delivered %v", got)
	}
	if g.log.with("past the partition's end") != 1 {
		t.Errorf("the log does not say it once:\n%s", g.log)
	}
	g.publish(20, 25)
	if got := g.read(5, true).values(); !slices.Equal(got, numbers(20, 25)) {
		t.Errorf("after the commit: %v", got)
	}
}

// TestAGroupWithoutOffsetsBeginsAtTheStart, whatever is in the topic.
func TestAGroupWithoutOffsetsBeginsAtTheStart(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.deleteBefore(3)
	if got := g.read(17, true, func(c *stream.GroupConfig) { c.Lookback = 10 }); !slices.Equal(got.values(), numbers(3, 20)) || got.history != 0 {
		t.Errorf("delivered %v, history %d", got.values(), got.history)
	}
	if g.log.with("ERROR") != 0 {
		t.Errorf("a new group is no loss:\n%s", g.log)
	}
}

// deleteBefore does to partition 0 what retention does.
func (g *ground) deleteBefore(offset int64) {
	g.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(g.addrs...))
	if err != nil {
		g.Fatal(err)
	}
	defer c.Close()
	req := kmsg.NewPtrDeleteRecordsRequest()
	req.TimeoutMillis = 30_000
	topic, partition := kmsg.NewDeleteRecordsRequestTopic(), kmsg.NewDeleteRecordsRequestTopicPartition()
	partition.Offset = offset
	topic.Topic, topic.Partitions = g.topic, []kmsg.DeleteRecordsRequestTopicPartition{partition}
	req.Topics = append(req.Topics, topic)
	res, err := req.RequestWith(g.Context(), c)
	if err != nil || res.Topics[0].Partitions[0].ErrorCode != 0 {
		g.Fatal(err, res)
	}
}
