package stream_test

import (
	"strconv"

	"github.com/segmentio/kafka-go"
)

// admin is a client for what the package itself never does.
func (g *ground) admin() *kafka.Client {
	transport := &kafka.Transport{}
	g.Cleanup(transport.CloseIdleConnections)
	return &kafka.Client{Addr: kafka.TCP(g.addrs...), Timeout: patience / 2, Transport: transport}
}

func (g *ground) brokerID() int32 {
	g.Helper()
	conn, err := kafka.Dial("tcp", g.addrs[0])
	if err != nil {
		g.Fatal(err)
	}
	defer conn.Close()
	brokers, err := conn.Brokers()
	if err != nil {
		g.Fatal(err)
	}
	return int32(brokers[0].ID)
}

// createSmall makes the topic with a small max.message.bytes.
func (g *ground) createSmall(partitions, maxBytes int) {
	g.Helper()
	res, err := g.admin().CreateTopics(g.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: g.topic, NumPartitions: partitions, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "max.message.bytes", ConfigValue: strconv.Itoa(maxBytes)}},
	}}})
	if err != nil || res.Errors[g.topic] != nil {
		g.Fatal(err, res)
	}
}

// commit moves the ground's group, which has no members, to an offset of partition 0.
func (g *ground) commit(offset int64) {
	g.Helper()
	res, err := g.admin().OffsetCommit(g.Context(), &kafka.OffsetCommitRequest{
		GroupID: g.group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{g.topic: {{Partition: 0, Offset: offset}}},
	})
	if err != nil || res.Topics[g.topic][0].Error != nil {
		g.Fatal(err, res)
	}
}

// committed is the group's offset of partition 0.
func (g *ground) committed() int64 {
	g.Helper()
	res, err := g.admin().OffsetFetch(g.Context(), &kafka.OffsetFetchRequest{GroupID: g.group, Topics: map[string][]int{g.topic: {0}}})
	if err != nil || res.Error != nil || res.Topics[g.topic][0].Error != nil {
		g.Fatal(err, res)
	}
	return res.Topics[g.topic][0].CommittedOffset
}

// metric is the values of a metric that has a topic, by partition.
func (g *ground) metric(name string) map[string]float64 {
	g.Helper()
	families, err := g.reg.Gather()
	if err != nil {
		g.Fatal(err)
	}
	values := map[string]float64{}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "partition" {
					values[l.GetValue()] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
				}
			}
		}
	}
	return values
}
