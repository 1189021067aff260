package stream_test

import (
	"errors"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
)

// TestHeartbeatsFindTheCoordinator: heartbeats reach the one broker of three that knows the group, and those of a member
// that the group has given up are refused. So it is on every broker of kafkatest.
func TestHeartbeatsFindTheCoordinator(t *testing.T) {
	t.Parallel()
	_, three := newCluster(t, 1)
	for _, g := range []*ground{three, newGround(t, 1)} {
		for _, name := range []string{".a", ".b", ".c", ".d"} { // of several coordinators
			group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
				ID: g.group + name, Brokers: g.addrs, Topics: []string{g.topic}, SessionTimeout: 10 * time.Second,
			})
			if err != nil {
				t.Fatal(err)
			}
			var generation *kafka.Generation
			g.await("the group", func() bool { // a new broker knows no coordinator yet
				generation, err = group.Next(t.Context())
				return err == nil
			})
			send := g.client.Heartbeats(generation)
			for range 2 {
				if err := send(t.Context()); err != nil {
					t.Errorf("group %s: %v", name, err)
				}
			}
			zombie := &kafka.Generation{ID: generation.ID, GroupID: generation.GroupID, MemberID: "expired"}
			if err := g.client.Heartbeats(zombie)(t.Context()); !errors.Is(err, kafka.UnknownMemberId) {
				t.Errorf("a member that group %s has given up: %v", name, err)
			}
			if err := group.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
