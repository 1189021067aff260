package stream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// Follower is told what a topic holds, by one call at a time.
type Follower struct {
	Record   func(*Record)                // valid until it returns
	CaughtUp func()                       // all that the topic held a moment ago was told
	Absent   func(denied bool, err error) // Kafka answers, and the topic is not there or not for this user; said again and again
	Failed   func(err error)              // it cannot be read now; said again and again

	From    func(b Bounds) int64                 // where to read a partition on, asked whenever it was reached anew; nil: where Follow was
	Fetched func(partition int, next, end int64) // all before next was told, and the partition ends at end; after each fetch
}

// Bounds are what a partition holds: from First to before End. Next is where Follow would read on, Topic the id by which Kafka tells a
// topic from another of its name.
type Bounds struct {
	Partition        int
	Topic            string
	First, End, Next int64
}

// Follow reads all of a topic, every partition, and what comes to it, until ctx ends; its error is nil. It belongs to no group and
// commits nothing. After a fault it goes on where it was; a topic that was made anew, or lost its end, is read from its start, unless
// From says otherwise. What compaction removes in between is never told.
func (c *Client) Follow(ctx context.Context, topic string, f Follower) error {
	t := &following{client: c, topic: topic, f: f, caught: map[int]bool{}}
	for failures := 0; ctx.Err() == nil; {
		n, err := t.partitions(ctx)
		if err != nil || n == 0 {
			if failures++; err != nil {
				f.Failed(fmt.Errorf("following %s: %w", topic, err))
			}
			fetchPauses.Wait(ctx, failures)
			continue
		}
		failures = 0
		var all sync.WaitGroup
		for p := range n {
			all.Go(func() { t.follow(ctx, p, n) })
		}
		all.Wait()
	}
	return nil
}

// following is one run of Follow.
type following struct {
	client  *Client
	topic   string
	f       Follower
	missing int // how often in a row Kafka did not know the topic

	mu     sync.Mutex // of the follower's calls
	caught map[int]bool
}

// partitions is how many partitions the topic has; 0: it is absent. A broker may not know a topic for a moment: absent is what is not
// there twice.
func (t *following) partitions(ctx context.Context) (int, error) {
	c := t.client
	r, err := c.freshRoutes(ctx)
	if err != nil {
		return 0, c.asking(err)
	}
	if is, ok := r.topics[t.topic]; ok {
		t.missing = 0
		return len(is.leaders), nil
	}
	res, err := c.askIDs(ctx, []string{t.topic})
	if err != nil {
		return 0, c.asking(err)
	}
	if _, there := res.ids[t.topic]; there {
		t.missing = 0
		return 0, nil // it is being made
	}
	if t.missing++; t.missing > 1 {
		t.f.Absent(res.denied[t.topic], c.Absent(ctx, []string{t.topic}))
	}
	return 0, nil
}

// follow reads one of n partitions until ctx ends.
func (t *following) follow(ctx context.Context, partition, n int) {
	p := &followed{following: t, partition: partition, n: n}
	for failures := 0; ctx.Err() == nil; {
		from := p.at
		err := p.connection(ctx)
		if ctx.Err() != nil {
			return
		}
		if p.at > from {
			failures = 0
		}
		failures++
		t.mu.Lock()
		t.f.Failed(fmt.Errorf("following %s/%d: %w", t.topic, partition, err))
		t.mu.Unlock()
		t.client.refresh(ctx)
		fetchPauses.Wait(ctx, failures)
	}
}

// followed is one partition of it.
type followed struct {
	*following
	partition, n int
	at           int64
	id           topicID
}

// connection reads over one connection until an error.
func (p *followed) connection(ctx context.Context) error {
	conn, err := p.client.dialLeader(ctx, p.topic, p.partition)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := p.locate(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Seek(p.at, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
		return err
	}
	for {
		if err := p.fetch(conn); err != nil {
			return err
		}
	}
}

// locate checks the position: one that the partition does not have, or of another topic of the name, is its start.
func (p *followed) locate(ctx context.Context, conn *kafka.Conn) error {
	ids, err := p.client.topicIDs(ctx, []string{p.topic})
	if err != nil {
		return err
	}
	if err := conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
		return err
	}
	first, last, err := conn.ReadOffsets()
	if err != nil {
		return err
	}
	if p.at < first || p.at > last || ids[p.topic] != p.id {
		p.at = first
	}
	p.id = ids[p.topic]
	if p.f.From != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.at = p.f.From(Bounds{Partition: p.partition, Topic: string(p.id), First: first, End: last, Next: p.at})
	}
	return nil
}

// fetch makes one fetch and tells what it brought.
func (p *followed) fetch(conn *kafka.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(fetchWait + 10*time.Second)); err != nil {
		return err
	}
	batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: fetchBytes, MaxWait: fetchWait})
	recs, unpacking := recordsOf(conn, batch, p.topic, p.partition)
	end := batch.HighWaterMark()
	closing := batch.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range recs {
		if recs[i].Offset >= p.at {
			p.f.Record(&recs[i])
			p.at = recs[i].Offset + 1
		}
	}
	switch {
	case unpacking != nil:
		return fmt.Errorf("the batch at offset %d: %w", p.at, unpacking)
	case closing != nil && !errors.Is(closing, kafka.RequestTimedOut):
		return closing
	}
	if next, _ := conn.Offset(); next > p.at { // compacted records, which nobody sees
		p.at = next
	}
	if p.f.Fetched != nil {
		p.f.Fetched(p.partition, p.at, end)
	}
	if p.at >= end {
		if p.caught[p.partition] = true; len(p.caught) == p.n {
			p.f.CaughtUp()
		}
	}
	return nil
}
