package stream

import (
	"context"
	"time"

	"github.com/segmentio/kafka-go"
)

// askEnds is how often a generation asks where its partitions end. Fetches say so too, but a consumer without room makes none.
const askEnds = 2 * time.Second

// ends keeps the ends of a generation's partitions up to date until ctx ends.
func (c *Consumer) ends(ctx context.Context, trackers map[string]map[int]*tracker) {
	tick := time.NewTicker(askEnds)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		c.client.askEnds(ctx, trackers)
	}
}

// askEnds asks once; what Kafka does not tell stays as it was.
func (c *Client) askEnds(ctx context.Context, trackers map[string]map[int]*tracker) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	topics := map[string][]kafka.OffsetRequest{}
	for topic, partitions := range trackers {
		for p := range partitions {
			topics[topic] = append(topics[topic], kafka.LastOffsetOf(p))
		}
	}
	if len(topics) == 0 {
		return
	}
	res, err := c.kafka.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: topics})
	if err != nil {
		c.log.Debug("asking where partitions end", "error", err)
		return
	}
	for topic, partitions := range res.Topics {
		for _, p := range partitions {
			if t := trackers[topic][p.Partition]; t != nil && p.Error == nil && p.LastOffset > 0 {
				t.setHighWater(p.LastOffset)
			}
		}
	}
}
