package stream

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"
)

// TestAnOutageIsOneLine: an error that goes on is logged once, whatever has it, another one anew, and so is one that came back; what
// belongs to a rebalance or a stop is none.
func TestAnOutageIsOneLine(t *testing.T) {
	var log strings.Builder
	c := (&Client{log: slog.New(slog.NewTextHandler(&log, nil))}).NewConsumer(GroupConfig{Group: "g"}, nil)
	refused, moved := error(kafka.LeaderNotAvailable), error(kafka.NotLeaderForPartition)
	for i, step := range []struct {
		doing string
		err   error
		lines int
	}{
		{"fetching 0", refused, 1},
		{"fetching 1", refused, 1},
		{"fetching 0", refused, 1},
		{"fetching 1", refused, 1},
		{"fetching 0", moved, 2},
		{"fetching 0", moved, 2},
		{"fetching 0", nil, 2},
		{"fetching 1", refused, 2},
		{"fetching 0", moved, 3},
		{"joining", fmt.Errorf("syncing: %w", kafka.RebalanceInProgress), 3},
		{"joining", context.Canceled, 3},
		{"fetching 0", moved, 3},
		{"", nil, 3},
		{"fetching 0", moved, 4},
		{"fetching 1", refused, 5},
	} {
		c.report(step.doing, step.err)
		if got := strings.Count(log.String(), "\n"); got != step.lines {
			t.Errorf("step %d (%v): %d lines, want %d\n%s", i, step.err, got, step.lines, log.String())
		}
	}
}

// TestReadyFollowsTheGeneration: a generation that ends late takes nothing from the next.
func TestReadyFollowsTheGeneration(t *testing.T) {
	c := (&Client{}).NewConsumer(GroupConfig{Group: "g", Topics: []string{"a", "b"}}, nil)
	if err := c.Ready(); err == nil || err.Error() != "kafka has not answered yet" {
		t.Errorf("before anything is known: %v", err)
	}
	c.setWaits(nil)
	if err := c.Ready(); err == nil || err.Error() != "not joined to group g" {
		t.Errorf("before the join: %v", err)
	}
	first, second := &kafka.Generation{ID: 1}, &kafka.Generation{ID: 2}
	c.setJoined(first)
	c.setJoined(second)
	if c.left(first); c.Ready() != nil {
		t.Errorf("after the first generation's late end: %v", c.Ready())
	}
	if c.left(second); c.Ready() == nil {
		t.Error("ready without a generation")
	}
}
