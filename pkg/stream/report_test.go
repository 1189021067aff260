package stream

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/segmentio/kafka-go"
)

// TestAnOutageIsOneLine: an error that goes on is logged once, whatever has it, another one anew, and so is one that came back after a
// while; what belongs to a rebalance or a stop is none.
func TestAnOutageIsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		client := &Client{log: slog.New(slog.NewTextHandler(&log, nil))}
		client.trouble.news = map[string]time.Time{}
		c, other := client.NewConsumer(GroupConfig{Group: "g"}, nil), client.NewConsumer(GroupConfig{Group: "other"}, nil)
		refused, moved := error(kafka.LeaderNotAvailable), error(kafka.NotLeaderForPartition)
		for i, step := range []struct {
			of    *Consumer
			after time.Duration
			doing string
			err   error
			lines int
		}{
			{c, 0, "fetching 0", refused, 1},
			{c, 0, "fetching 1", refused, 1},
			{c, sameNews, "fetching 0", refused, 1},
			{other, 0, "fetching 0", refused, 2}, // it is new to the other, after a while
			{c, 0, "fetching 0", moved, 3},
			{other, 0, "fetching 0", moved, 3},
			{c, 0, "fetching 0", nil, 3},
			{c, 0, "fetching 0", moved, 3}, // back at once
			{c, 0, "fetching 0", nil, 3},
			{c, sameNews, "fetching 0", moved, 4}, // and after a while
			{c, 0, "joining", fmt.Errorf("syncing: %w", kafka.RebalanceInProgress), 4},
			{c, 0, "joining", context.Canceled, 4},
			{c, 0, "", nil, 4},
			{c, sameNews, "fetching 0", moved, 5},
			{c, 0, "fetching 1", refused, 6},
		} {
			if step.after > 0 {
				<-time.After(step.after)
			}
			step.of.report(step.doing, step.err)
			if got := strings.Count(log.String(), "\n"); got != step.lines {
				t.Errorf("step %d (%v): %d lines, want %d\n%s", i, step.err, got, step.lines, log.String())
			}
		}
	})
}
