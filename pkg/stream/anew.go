package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// A position means nothing on another topic of the same name. So each commit says, as its metadata, which topic it is about and
// where the partition ended then: the next owner finds out, in this process or another one, that the topic was made anew, reads
// it from its first record, and can say how much the old one held that was not consumed.

// place is how far a group has come on one partition.
type place struct {
	topic topicID
	mark  int64 // the committed offset; negative: none
	end   int64 // of the partition, as far as was known
}

const placeFormat = "topic %s end %d"

func (p place) metadata() string {
	if p.topic == "" {
		return ""
	}
	return fmt.Sprintf(placeFormat, p.topic, p.end)
}

// placeOf reads a commit; metadata of others is none.
func placeOf(offset int64, metadata string) place {
	p := place{mark: offset}
	if n, _ := fmt.Sscanf(metadata, placeFormat, &p.topic, &p.end); n != 2 {
		p.topic, p.end = "", 0
	}
	return p
}

// anew says whether the topic is another one than that of the place.
func (p place) anew(now topicID) bool { return p.topic != "" && now != "" && p.topic != now }

type partitionKey struct {
	topic     string
	partition int
}

// places returns how far the group has come on what a generation owns; false: the generation ended before Kafka said so.
func (c *Consumer) places(ctx context.Context, g *kafka.Generation) (map[partitionKey]place, bool) {
	req := &kafka.OffsetFetchRequest{GroupID: g.GroupID, Topics: map[string][]int{}}
	for topic, assigned := range g.Assignments {
		for _, a := range assigned {
			req.Topics[topic] = append(req.Topics[topic], a.ID)
		}
	}
	if len(req.Topics) == 0 {
		return nil, true
	}
	for {
		found, err := c.client.fetchPlaces(ctx, req)
		c.report("asking for the committed offsets", err)
		if err == nil {
			return found, true
		}
		if !backoff.Wait(ctx, 200*time.Millisecond) {
			return nil, false
		}
	}
}

func (c *Client) fetchPlaces(ctx context.Context, req *kafka.OffsetFetchRequest) (map[partitionKey]place, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	res, err := c.kafka.OffsetFetch(ctx, req)
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return nil, err
	}
	found := map[partitionKey]place{}
	for topic, partitions := range res.Topics {
		for _, p := range partitions {
			if p.Error != nil {
				return nil, p.Error
			}
			found[partitionKey{topic, p.Partition}] = placeOf(p.CommittedOffset, p.Metadata)
		}
	}
	return found, nil
}

// knownIDs are the ids of the consumer's topics; unknown where Kafka does not tell them (before 2.8).
func (c *Consumer) knownIDs(ctx context.Context) map[string]topicID {
	ids, err := c.client.topicIDs(ctx, c.cfg.Topics)
	if err != nil {
		c.client.log.Debug("asking for the topics' ids", "group", c.cfg.Group, "error", err)
	}
	return ids
}

// forget says what was lost with topics that were made anew: of all partitions that this member has owned before, those included
// that the new topic has no longer, and of those that it owns now. Their places start anew. false: ctx ended before all of it was
// recorded.
func (c *Consumer) forget(ctx context.Context, now map[string]topicID, found map[partitionKey]place) bool {
	for key, p := range c.owned {
		if _, own := found[key]; !own && p.topic == now[key.topic] {
			delete(c.owned, key) // another's now, who knows better how far it came
		}
	}
	for key, p := range found {
		if _, own := c.owned[key]; !own && p.anew(now[key.topic]) {
			c.owned[key] = p
		}
	}
	for key, p := range c.owned {
		if !p.anew(now[key.topic]) {
			continue
		}
		if !c.lose(ctx, Loss{Topic: key.topic, Partition: key.partition, From: max(0, p.mark), To: p.end, Cause: fault.MadeAnew}) {
			return false
		}
		delete(c.owned, key)
	}
	for key, p := range found {
		if p.anew(now[key.topic]) {
			found[key] = place{topic: now[key.topic], mark: kafka.FirstOffset}
		}
	}
	return true
}

// watch returns, and thereby ends the generation, when one of its topics was made anew.
func (c *Consumer) watch(ctx context.Context, ids map[string]topicID) {
	tick := time.NewTicker(watchIDs)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if c.anew(ctx, ids) {
			c.client.refresh(ctx)
			return
		}
	}
}

// anew says whether one of the topics is another one now than when it had the given id.
func (c *Consumer) anew(ctx context.Context, ids map[string]topicID) bool {
	for topic, now := range c.knownIDs(ctx) {
		if (place{topic: ids[topic]}).anew(now) {
			return true
		}
	}
	return false
}
