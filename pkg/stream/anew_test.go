package stream_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// makeAnew deletes the topic and makes another one of its name.
func (g *ground) makeAnew(partitions int) {
	g.Helper()
	g.deleteTopic()
	g.makeTopic(partitions)
}

func (g *ground) deleteTopic() {
	g.Helper()
	res, err := g.admin().DeleteTopics(g.Context(), &kafka.DeleteTopicsRequest{Topics: []string{g.topic}})
	if err != nil || res.Errors[g.topic] != nil {
		g.Fatal(err, res)
	}
}

// makeTopic makes the topic once the one before is gone.
func (g *ground) makeTopic(partitions int) {
	g.Helper()
	admin := g.admin()
	g.await("the new topic", func() bool {
		made, err := admin.CreateTopics(g.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{Topic: g.topic, NumPartitions: partitions, ReplicationFactor: 1}}})
		return err == nil && made.Errors[g.topic] == nil
	})
}

// place takes the group's commit of partition 0, and returns a function that makes the same one again.
func (g *ground) place() (again func()) {
	g.Helper()
	res, err := g.admin().OffsetFetch(g.Context(), &kafka.OffsetFetchRequest{GroupID: g.group, Topics: map[string][]int{g.topic: {0}}})
	if err != nil || res.Error != nil {
		g.Fatal(err, res)
	}
	is := res.Topics[g.topic][0]
	return func() {
		res, err := g.admin().OffsetCommit(g.Context(), &kafka.OffsetCommitRequest{GroupID: g.group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{
			g.topic: {{Partition: 0, Offset: is.CommittedOffset, Metadata: is.Metadata}},
		}})
		if err != nil || res.Topics[g.topic][0].Error != nil {
			g.Fatal(err, res)
		}
	}
}

// TestTopicAnewUnderAMember (F62): the new topic passes the old position before the member looks. Every record of it is
// delivered, whether it has as many partitions, fewer or more.
func TestTopicAnewUnderAMember(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after int }{{1, 1}, {4, 4}, {4, 2}, {2, 4}} {
		t.Run(strconv.Itoa(c.before)+" to "+strconv.Itoa(c.after), func(t *testing.T) {
			t.Parallel()
			g := newGround(t, c.before)
			g.publish(0, 100)
			s := &seen{}
			member, _ := g.consume(s.settleAll)
			g.await("the old records", func() bool { return s.distinct() == 100 })
			g.makeAnew(c.after)
			g.publish(1000, 1500)
			g.await("the new records", func() bool { return s.distinct() == 600 })
			g.await("the member", func() bool { return member.Ready() == nil })
			g.publish(1500, 1600)
			g.await("more records", func() bool { return s.distinct() == 700 })
			if g.log.with("made anew") != c.before {
				t.Errorf("the log does not say it once a partition:\n%s", g.log)
			}
		})
	}
}

// TestTopicGoneUnderAMember (F62): members leave a group whose topic is gone, say so, and come back with it; nobody joins over and over.
func TestTopicGoneUnderAMember(t *testing.T) {
	t.Parallel()
	g := newGround(t, 2)
	g.publish(0, 100)
	s := &seen{}
	one, _ := g.consume(s.settleAll)
	other, _ := g.consume(s.settleAll)
	g.await("the old records", func() bool { return s.distinct() == 100 })
	g.deleteTopic()
	for _, member := range []*stream.Consumer{one, other} {
		g.await("it is missed", func() bool { err := member.Ready(); return err != nil && strings.Contains(err.Error(), "is missing") })
	}
	if n := g.log.with("partitions are assigned"); n > 50 {
		t.Errorf("%d generations", n)
	}
	g.makeTopic(2)
	g.publish(1000, 1100)
	g.await("the new records", func() bool { return s.distinct() == 200 })
}

// TestTopicAnewBetweenMembers (F62): nobody was there when the topic was made anew. The next member reads it from its first
// record, says what the old one held that nobody consumed, and a restart does not say it again.
func TestTopicAnewBetweenMembers(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 30)
	s := &seen{}
	_, stop := g.consume(s.settleTo(20))
	g.await("the old records", func() bool { return s.distinct() == 30 })
	g.await("the commit", func() bool { return g.committed() == 20 })
	stop()
	again := g.place()
	g.makeAnew(1)
	again() // Kafka forgets the commits of a topic that is deleted, but a member that does not know yet commits its own again
	g.publish(1000, 1100)
	if got := g.read(100, true).values(); !slices.Equal(got, numbers(1000, 1100)) {
		t.Errorf("delivered %v", got)
	}
	g.publish(1100, 1105)
	if got := g.read(5, true).values(); !slices.Equal(got, numbers(1100, 1105)) {
		t.Errorf("delivered %v", got)
	}
	if got := g.metric("omnicapi_consumer_lost_records_total")["0"]; got != 10 || g.log.with("made anew") != 1 || g.log.with("lost=10") != 1 {
		t.Errorf("counted %v lost:\n%s", got, g.log)
	}
}

// TestFewerPartitionsUnderAProducer (F62): records that wait for a partition that is gone go to one that is there.
func TestFewerPartitionsUnderAProducer(t *testing.T) {
	t.Parallel()
	g := newGround(t, 8)
	p := g.producer(stream.ProducerConfig{})
	publish := func(from, to int) error {
		var recs []stream.Record
		for i := from; i < to; i++ {
			recs = append(recs, g.record(strconv.Itoa(i), i))
		}
		return p.Publish(t.Context(), recs...)
	}
	if err := publish(0, 100); err != nil {
		t.Fatal(err)
	}
	g.makeAnew(2)
	if err := errors.Join(publish(100, 200), publish(200, 300)); err != nil {
		t.Fatal(err)
	}
	if got := g.stored(); !slices.Equal(sorted(got), numbers(100, 300)) {
		t.Errorf("stored %v", got)
	}
	if left := p.Pending(); left != 0 {
		t.Errorf("%d bytes pending", left)
	}
}

// TestTruncatedCountsWhatIsKnown: the same topic is shorter than it was. Its records are read from the first one, and those that
// the last commit knew of beyond itself are counted.
func TestTruncatedCountsWhatIsKnown(t *testing.T) {
	t.Parallel()
	g := newGround(t, 1)
	g.publish(0, 20)
	g.read(20, true)
	admin, topics := g.admin(), map[string][]int{g.topic: {0}}
	is, err := admin.OffsetFetch(t.Context(), &kafka.OffsetFetchRequest{GroupID: g.group, Topics: topics})
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Replace(is.Topics[g.topic][0].Metadata, "end 20", "end 35", 1)
	if _, err := admin.OffsetCommit(t.Context(), &kafka.OffsetCommitRequest{GroupID: g.group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{
		g.topic: {{Partition: 0, Offset: 30, Metadata: known}},
	}}); err != nil {
		t.Fatal(err)
	}
	if got := g.read(20, true).values(); !slices.Equal(got, numbers(0, 20)) {
		t.Errorf("delivered %v", got)
	}
	if got := g.metric("omnicapi_consumer_lost_records_total")["0"]; got != 5 {
		t.Errorf("counted %v:\n%s", got, g.log)
	}
}
