package stream_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

func publish(t *testing.T, c *stream.Client, topic string, from, n int) {
	t.Helper()
	p := c.NewProducer(stream.ProducerConfig{})
	var recs []stream.Record
	for i := from; i < from+n; i++ {
		recs = append(recs, stream.Record{Topic: topic, Key: fmt.Appendf(nil, "k%d", i%10), Value: fmt.Appendf(nil, "%d", i), Headers: []stream.Header{{Key: "h", Value: []byte("v")}}})
	}
	if err := p.Publish(t.Context(), recs...); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// consume runs a consumer until stop and returns what it saw.
func consume(t *testing.T, c *stream.Client, cfg stream.GroupConfig, want int, settle bool) (seen []string, history int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var mu sync.Mutex
	co := c.NewConsumer(cfg, func(_, drain context.Context, in <-chan stream.Chunk) {
		for ch := range in {
			mu.Lock()
			if ch.History {
				history += len(ch.Records)
			} else {
				for _, r := range ch.Records {
					seen = append(seen, string(r.Value))
				}
				if settle {
					ch.SettleAll()
				}
			}
			if len(seen) >= want {
				cancel()
			}
			mu.Unlock()
		}
	})
	if err := co.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return seen, history
}

func TestConsumeSettleResume(t *testing.T) {
	c, n := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, c, n, 3)
	topic := n.Events("website")
	publish(t, c, topic, 0, 100)
	cfg := stream.GroupConfig{Group: n.Group("test", topic), Topics: []string{topic}, Lookback: 5}
	seen, _ := consume(t, c, cfg, 100, false)
	if len(seen) != 100 {
		t.Fatalf("saw %d", len(seen))
	}
	seen, _ = consume(t, c, cfg, 100, true)
	if len(seen) != 100 {
		t.Fatalf("unsettled records were not delivered again: %d", len(seen))
	}
	publish(t, c, topic, 100, 30)
	seen, history := consume(t, c, cfg, 30, true)
	if len(seen) != 30 || history < 10 || history > 15 {
		t.Fatalf("after the commit: %d records, %d of history", len(seen), history)
	}
	var scanned int
	if err := c.Scan(t.Context(), topic, time.Time{}, func(*stream.Record) error { scanned++; return nil }); err != nil || scanned != 130 {
		t.Fatalf("scan: %d %v", scanned, err)
	}
}
