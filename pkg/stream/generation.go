package stream

import (
	"context"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// generation serves the partitions of one generation: it fetches, hands chunks to Work, commits marks, and when the
// generation ends it waits for Work, at most Drain, and commits under the old generation. That is still accepted while
// the coordinator waits for this member; only then it lets go.
func (c *Consumer) generation(ended context.Context, g *kafka.Generation) {
	in := make(chan Chunk)
	drain, endDrain := context.WithCancel(context.WithoutCancel(ended))
	defer endDrain()
	trackers := map[string]map[int]*tracker{}
	found, ok := c.places(ended, g)
	if !ok {
		return
	}
	ids := c.knownIDs(ended)
	if !c.forget(ended, ids, found) {
		return
	}
	for key, p := range found { // where the id is not known now, the commits' goes on to hold
		if ids[key.topic] == "" && p.topic != "" {
			if ids == nil {
				ids = map[string]topicID{}
			}
			ids[key.topic] = p.topic
		}
	}
	g.Start(func(ctx context.Context) { c.watch(ctx, ids) })
	anew := func(ctx context.Context) bool { return c.anew(ctx, ids) }
	var fetchers sync.WaitGroup
	for topic, assigned := range g.Assignments {
		trackers[topic] = map[int]*tracker{}
		for _, a := range assigned {
			next := a.Offset
			if p := found[partitionKey{topic, a.ID}]; p.mark == kafka.FirstOffset {
				next = p.mark
			}
			t := newTracker(next)
			trackers[topic][a.ID] = t
			f := &fetcher{
				client: c.client, topic: topic, partition: a.ID, next: next, lookback: c.cfg.Lookback, tracker: t, out: in, report: c.report,
				anew: anew, lose: c.lose, whole: c.cfg.Whole, end: found[partitionKey{topic, a.ID}].end,
			}
			fetchers.Go(func() { f.run(ended) })
		}
	}
	defer c.client.metrics.assign(trackers)()
	c.assigned(g)
	g.Start(func(ctx context.Context) { c.ends(ctx, trackers) })
	go func() { fetchers.Wait(); close(in) }()
	member := &membership{sent: time.Now()}
	defer member.start(ended, c.client.suspecting(c.client.heartbeats(g)))()
	worked := make(chan struct{})
	go func() { defer close(worked); c.work(WithAlive(ended, member.alive), drain, in) }()

	tick := time.NewTicker(commitEvery)
	defer tick.Stop()
	for done := false; !done; {
		select {
		case <-ended.Done():
			done = true
		case <-tick.C:
			c.commit(g, ids, trackers) //nolint:contextcheck // a commit is finished though the generation ends
		}
	}
	c.rebalances.begin()
	limit := time.AfterFunc(c.cfg.Drain, endDrain)
	<-worked
	limit.Stop()
	fetchers.Wait()
	c.remember(ids, trackers)
	if !c.commit(g, ids, trackers) { //nolint:contextcheck // it outlives ctx, which ended the generation
		c.commitAnew(g, ids, trackers) //nolint:contextcheck // it outlives ctx, which ended the generation
	}
}

// marks are the places to commit.
func marks(ids map[string]topicID, trackers map[string]map[int]*tracker) map[partitionKey]place {
	m := map[partitionKey]place{}
	for topic, partitions := range trackers {
		for p, t := range partitions {
			if mark, end, ok := t.uncommitted(); ok {
				m[partitionKey{topic, p}] = place{ids[topic], mark, end}
			}
		}
	}
	return m
}

// commitRequest carries generation and member: Kafka refuses a commit of an old generation. kafka-go's own commits have no
// metadata.
func commitRequest(g *kafka.Generation, m map[partitionKey]place) *kafka.OffsetCommitRequest {
	req := &kafka.OffsetCommitRequest{GroupID: g.GroupID, GenerationID: int(g.ID), MemberID: g.MemberID, Topics: map[string][]kafka.OffsetCommit{}}
	for key, p := range m {
		req.Topics[key.topic] = append(req.Topics[key.topic], kafka.OffsetCommit{Partition: key.partition, Offset: p.mark, Metadata: p.metadata()})
	}
	return req
}

// commit commits the marks; false: it failed.
func (c *Consumer) commit(g *kafka.Generation, ids map[string]topicID, trackers map[string]map[int]*tracker) bool {
	m := marks(ids, trackers)
	if len(m) == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	crashpoint.Reach(crashpoint.ConsumerCommitting)
	if err := c.tryCommit(ctx, commitRequest(g, m)); err != nil {
		c.report("committing offsets", err)
		return false
	}
	crashpoint.Reach(crashpoint.ConsumerCommitted)
	c.report("committing offsets", nil)
	for key, p := range m {
		trackers[key.topic][key.partition].commit(p.mark)
	}
	return true
}

// commitAnew repeats the last commit: the generation may have ended because the coordinator could not be reached.
func (c *Consumer) commitAnew(g *kafka.Generation, ids map[string]topicID, trackers map[string]map[int]*tracker) {
	ctx, cancel := context.WithTimeout(context.Background(), c.cfg.Drain/2)
	defer cancel()
	req := commitRequest(g, marks(ids, trackers))
	for {
		err := c.tryCommit(ctx, req)
		if err == nil || ctx.Err() != nil || movedOn(err) {
			c.report("committing offsets anew", err)
			return
		}
		backoff.Wait(ctx, 100*time.Millisecond)
	}
}

// remember notes how far the generation has come.
func (c *Consumer) remember(ids map[string]topicID, trackers map[string]map[int]*tracker) {
	for topic, partitions := range trackers {
		for p, t := range partitions {
			mark, end, _ := t.uncommitted()
			c.owned[partitionKey{topic, p}] = place{ids[topic], mark, end}
		}
	}
}

func (c *Consumer) tryCommit(ctx context.Context, req *kafka.OffsetCommitRequest) error {
	res, err := c.client.kafka.OffsetCommit(ctx, req)
	if err != nil {
		return err
	}
	for _, partitions := range res.Topics {
		for _, p := range partitions {
			if p.Error != nil {
				return p.Error
			}
		}
	}
	return nil
}
