package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/segmentio/kafka-go"
)

// Committed returns where a group goes on in each partition of a topic. A partition of which it has committed nothing is missing, and
// so is one whose commit is of another topic that had the name.
func (c *Client) Committed(ctx context.Context, group, topic string) (map[int]int64, error) {
	routes, err := c.freshRoutes(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking for commits of %s: %w", group, err)
	}
	t, ok := routes.topics[topic]
	if !ok {
		return nil, fmt.Errorf("asking for commits of %s: %s: %w", group, topic, kafka.UnknownTopicOrPartition)
	}
	req := &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{}}
	for p := range t.leaders {
		req.Topics[topic] = append(req.Topics[topic], p)
	}
	found, err := c.fetchPlaces(ctx, req)
	if errors.Is(err, kafka.GroupIdNotFound) { // it has not consumed yet, or longer ago than Kafka keeps commits
		return map[int]int64{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking for commits of %s: %w", group, err)
	}
	now, _ := c.topicIDs(ctx, []string{topic}) // unknown before Kafka 2.8
	committed := map[int]int64{}
	for key, p := range found {
		if p.mark >= 0 && !p.anew(now[topic]) {
			committed[key.partition] = p.mark
		}
	}
	return committed, nil
}
