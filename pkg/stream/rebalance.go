package stream

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// rebalances follows a member from one generation to the next. A rebalance lasts from when the member stops fetching (at the
// start: when it begins to join) until it fetches again. One generation after the other uses it.
type rebalances struct {
	since time.Time
	held  map[partitionKey]bool // of the last generation
}

// begin notes that nothing is fetched from now on.
func (r *rebalances) begin() { r.since = time.Now() }

// assigned counts a rebalance that has ended, and says what it changed.
func (c *Consumer) assigned(g *kafka.Generation) {
	held := map[partitionKey]bool{}
	for topic, partitions := range g.Assignments {
		for _, p := range partitions {
			held[partitionKey{topic, p.ID}] = true
		}
	}
	before := c.rebalances.held
	c.rebalances.held = held
	took := time.Since(c.rebalances.since)
	c.client.metrics.rebalanced(c.cfg.Group, took)
	c.client.log.Info("partitions are assigned", "group", c.cfg.Group, "generation", g.ID, "partitions", len(held),
		"gained", without(held, before), "lost", without(before, held), "took", took.Round(time.Millisecond))
}

// without writes the partitions of a that b has not: topic/0,1,2.
func without(a, b map[partitionKey]bool) string {
	ids := map[string][]int{}
	for key := range a {
		if !b[key] {
			ids[key.topic] = append(ids[key.topic], key.partition)
		}
	}
	texts := make([]string, 0, len(ids))
	for _, topic := range slices.Sorted(maps.Keys(ids)) {
		slices.Sort(ids[topic])
		numbers := make([]string, len(ids[topic]))
		for i, id := range ids[topic] {
			numbers[i] = strconv.Itoa(id)
		}
		texts = append(texts, fmt.Sprintf("%s/%s", topic, strings.Join(numbers, ",")))
	}
	return strings.Join(texts, " ")
}
