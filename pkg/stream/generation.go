package stream

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// generation serves the partitions of one generation: it fetches, hands chunks to Work, commits marks, and when the
// generation ends it waits for Work, at most Drain, and commits under the old generation. That is still accepted while
// the coordinator waits for this member; only then it lets go.
func (c *Consumer) generation(ended context.Context, g *kafka.Generation) {
	in := make(chan Chunk)
	drain, endDrain := context.WithCancel(context.WithoutCancel(ended))
	defer endDrain()
	trackers := map[string]map[int]*tracker{}
	var fetchers sync.WaitGroup
	for topic, assigned := range g.Assignments {
		trackers[topic] = map[int]*tracker{}
		for _, a := range assigned {
			t := newTracker(a.Offset)
			trackers[topic][a.ID] = t
			f := &fetcher{client: c.client, topic: topic, partition: a.ID, next: a.Offset, lookback: c.cfg.Lookback, tracker: t, out: in, report: c.report}
			fetchers.Go(func() { f.run(ended) })
		}
	}
	defer c.client.metrics.assign(trackers)()
	go func() { fetchers.Wait(); close(in) }()
	member := &membership{sent: time.Now()}
	beating := make(chan struct{})
	go func() { defer close(beating); member.beat(ended, c.client.heartbeats(g)) }()
	defer func() { <-beating }()
	worked := make(chan struct{})
	go func() { defer close(worked); c.work(WithAlive(ended, member.alive), drain, in) }()

	tick := time.NewTicker(commitEvery)
	defer tick.Stop()
	for done := false; !done; {
		select {
		case <-ended.Done():
			done = true
		case <-tick.C:
			c.commit(g, trackers)
		}
	}
	limit := time.AfterFunc(c.cfg.Drain, endDrain)
	<-worked
	limit.Stop()
	fetchers.Wait()
	if !c.commit(g, trackers) {
		c.commitAnew(g, trackers) //nolint:contextcheck // it outlives ctx, which ended the generation
	}
}

// marks are the offsets to commit.
func marks(trackers map[string]map[int]*tracker) map[string]map[int]int64 {
	m := map[string]map[int]int64{}
	for topic, partitions := range trackers {
		for p, t := range partitions {
			if mark, ok := t.uncommitted(); ok {
				if m[topic] == nil {
					m[topic] = map[int]int64{}
				}
				m[topic][p] = mark
			}
		}
	}
	return m
}

// commit commits the marks on the generation's own connection; false: it failed.
func (c *Consumer) commit(g *kafka.Generation, trackers map[string]map[int]*tracker) bool {
	m := marks(trackers)
	if len(m) == 0 {
		return true
	}
	if err := g.CommitOffsets(m); err != nil {
		c.report("committing offsets", err)
		return false
	}
	for topic, partitions := range m {
		for p, mark := range partitions {
			trackers[topic][p].commit(mark)
		}
	}
	return true
}

// commitAnew repeats the last commit over a new connection: the generation may have ended because its own connection broke.
// Kafka still refuses a commit of an old generation: the request carries generation and member.
func (c *Consumer) commitAnew(g *kafka.Generation, trackers map[string]map[int]*tracker) {
	ctx, cancel := context.WithTimeout(context.Background(), c.cfg.Drain/2)
	defer cancel()
	req := &kafka.OffsetCommitRequest{GroupID: g.GroupID, GenerationID: int(g.ID), MemberID: g.MemberID, Topics: map[string][]kafka.OffsetCommit{}}
	for topic, partitions := range marks(trackers) {
		for p, mark := range partitions {
			req.Topics[topic] = append(req.Topics[topic], kafka.OffsetCommit{Partition: p, Offset: mark})
		}
	}
	for {
		err := c.tryCommit(ctx, req)
		if err == nil || ctx.Err() != nil || errors.Is(err, kafka.IllegalGeneration) || errors.Is(err, kafka.UnknownMemberId) || errors.Is(err, kafka.RebalanceInProgress) {
			c.report("committing offsets anew", err)
			return
		}
		backoff.Wait(ctx, 100*time.Millisecond)
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
