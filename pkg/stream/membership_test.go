package stream

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
)

// TestZombieIsNotAlive: a member is alive for a session after it sent the last heartbeat that was answered well, and no longer.
func TestZombieIsNotAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		m := &membership{sent: time.Now()}
		alive := WithAlive(ctx, m.alive)
		var err error
		took := time.Duration(0)
		go m.beat(ctx, func(ctx context.Context) error {
			select {
			case <-time.After(took):
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		after := func(d time.Duration, want bool, what string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if Alive(alive) != want {
				t.Errorf("%s: alive is %v", what, !want)
			}
		}
		after(time.Minute, true, "heartbeats are answered")
		err = errors.New("unknown member")
		after(session-heartbeat, true, "less than a session later")
		after(heartbeat, false, "a session later")
		err = nil
		after(heartbeat, true, "answered again")
		took = session // an answer that comes so late is none
		after(session, false, "heartbeats hang")
		took = session/2 - 1
		after(session, true, "heartbeats are slow")
		stop()
	})
	if !Alive(t.Context()) {
		t.Error("a context of no generation is not alive")
	}
}

// TestClockThatJumps: the machine slept, and the monotonic clock with it; or the wall clock is set back.
func TestClockThatJumps(t *testing.T) {
	slept := &membership{sent: time.Now().Round(0).Add(-session)}
	if slept.alive() {
		t.Error("alive after a sleep of a session")
	}
	back := &membership{sent: time.Now().Round(0).Add(time.Hour)}
	if !back.alive() {
		t.Error("a clock that is set back ends a membership")
	}
}

// TestHeartbeatsFindTheCoordinator: heartbeats reach the one broker of three that knows the group, and those of a member
// that the group has given up are refused.
func TestHeartbeatsFindTheCoordinator(t *testing.T) {
	t.Parallel()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.SeedTopics(1, "t"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	c, err := Open(Config{Brokers: cluster.ListenAddrs(), ClientID: "test"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	for _, name := range []string{"a", "b", "c", "d"} { // of several coordinators
		group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
			ID: name, Brokers: cluster.ListenAddrs(), Topics: []string{"t"}, SessionTimeout: session, HeartbeatInterval: heartbeat,
		})
		if err != nil {
			t.Fatal(err)
		}
		generation, err := group.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		send := c.heartbeats(generation)
		for range 2 {
			if err := send(t.Context()); err != nil {
				t.Errorf("group %s: %v", name, err)
			}
		}
		zombie := &kafka.Generation{ID: generation.ID, GroupID: name, MemberID: "expired"}
		if err := c.heartbeats(zombie)(t.Context()); !errors.Is(err, kafka.UnknownMemberId) {
			t.Errorf("a member that group %s has given up: %v", name, err)
		}
		if err := group.Close(); err != nil {
			t.Error(err)
		}
	}
}
