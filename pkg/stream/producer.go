package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Producer gathers what is published to a partition while the last request is away, and sends it as one idempotent
// batch (group commit). There is no timer: an idle partition costs one round trip, a busy one fills its batches by
// itself. One request to a broker carries the batches of all its partitions that are ready.
//
// A batch is retried until Kafka takes it, refuses it for good, or RetryFor is over.
type Producer struct {
	client *Client
	cfg    ProducerConfig
	ids    producerIDs

	ctx    context.Context //nolint:containedctx // the producer's own: ends when Close gives up, and requests with it
	cancel context.CancelFunc
	wg     sync.WaitGroup // of senders at work

	mu      sync.Mutex
	pending load
	closed  bool
	drained chan struct{} // closed when closed and nothing is pending

	queuesMu sync.RWMutex
	queues   map[string][]*queue // by topic and partition
	keyless  atomic.Uint32
	wrote    atomic.Pointer[time.Time] // when Kafka took the last batch

	sendersMu sync.Mutex
	senders   map[int32]*sender // by leader
}

// NewProducer returns a running producer.
func (c *Client) NewProducer(cfg ProducerConfig) *Producer {
	if cfg.MaxPending == 0 {
		cfg.MaxPending = 64 << 20
	}
	if cfg.RetryFor == 0 {
		cfg.RetryFor = 60 * time.Second
	}
	p := &Producer{client: c, cfg: cfg, ids: producerIDs{client: c.kafka}, drained: make(chan struct{}), queues: map[string][]*queue{}, senders: map[int32]*sender{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// slot is where a published record waits: the record batch and its index there.
type slot struct {
	batch *recordBatch
	index int
}

// Publish implements Publisher. The caller may reuse the records' memory when it returns, whatever it returns.
// When ctx ends first, the records may still be written.
func (p *Producer) Publish(ctx context.Context, recs ...Record) error {
	total := load{}
	for i := range recs {
		if n := size(&recs[i]); n <= topic.MaxBytes(recs[i].Topic) {
			total = total.plus(loadOf(&recs[i], int64(n)))
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	if err := p.reserve(total); err != nil {
		return err
	}
	now := time.Now()
	var few [4]slot
	slots := few[:0]
	var large []int
	for i := range recs {
		n := int64(size(&recs[i]))
		if n > int64(topic.MaxBytes(recs[i].Topic)) {
			large = append(large, i)
			slots = append(slots, slot{})
			continue
		}
		q, err := p.queueOf(ctx, &recs[i])
		if err != nil {
			p.release(total)
			return err
		}
		total = total.minus(loadOf(&recs[i], n))
		slots = append(slots, p.enqueue(q, &recs[i], n, now)) //nolint:contextcheck // records are sent whoever waits for them
	}
	for i := 0; i < len(slots); i++ {
		at := slots[i]
		if at.batch == nil {
			continue
		}
		select {
		case <-at.batch.done:
		case <-ctx.Done():
			p.client.suspect()
			return fmt.Errorf("publishing to %s: %w", recs[i].Topic, ctx.Err())
		}
		if at.batch.failed == nil {
			continue
		}
		if err := at.batch.errOf(at.index); errors.Is(err, ErrTooLarge) {
			large = append(large, i)
		} else if errors.Is(err, errGone) {
			if slots[i], err = p.again(ctx, &recs[i]); err != nil {
				return err
			}
			i-- // wait for it
		} else if err != nil {
			return err
		}
	}
	if len(large) == 0 {
		return nil
	}
	slices.Sort(large)
	return &TooLargeError{Topic: recs[large[0]].Topic, Index: large[0], Indexes: large}
}

// again puts a record whose partition is gone into one of those that are there.
func (p *Producer) again(ctx context.Context, r *Record) (slot, error) {
	n := int64(size(r))
	if err := p.reserve(loadOf(r, n)); err != nil {
		return slot{}, err
	}
	q, err := p.queueOf(ctx, r)
	if err != nil {
		p.release(loadOf(r, n))
		return slot{}, err
	}
	return p.enqueue(q, r, n, time.Now()), nil //nolint:contextcheck // as above
}

// LastWritten is when Kafka last took something; zero: never. What nobody waits for any more counts too.
func (p *Producer) LastWritten() time.Time {
	if at := p.wrote.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// Pending is the bytes not yet acknowledged.
func (p *Producer) Pending() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pending.all
}

// PendingThatYield is the part of Pending that is of records which yield.
func (p *Producer) PendingThatYield() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pending.yields
}

func (p *Producer) reserve(n load) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	next := p.pending.plus(n)
	if next.all > p.cfg.MaxPending || n.yields > 0 && next.yields > p.cfg.MaxPending-p.cfg.Reserved {
		return ErrFull
	}
	p.pending = next
	return nil
}

func (p *Producer) release(n load) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending = p.pending.minus(n)
	if p.closed && p.pending.all == 0 {
		close(p.drained)
	}
}

// Close refuses what comes from now on and waits for everything queued, until ctx ends; what is left then fails with
// ErrClosed, and Close returns ctx's error.
func (p *Producer) Close(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		if p.pending.all == 0 {
			close(p.drained)
		}
	}
	p.mu.Unlock()
	defer p.cancel()
	var err error
	select {
	case <-p.drained:
	case <-ctx.Done():
		p.cancel()
		<-p.drained
		err = fmt.Errorf("closing the producer: %w", ctx.Err())
	}
	p.wg.Wait()
	return err
}

// queueOf finds the record's partition. An unknown topic is waited for.
func (p *Producer) queueOf(ctx context.Context, r *Record) (*queue, error) {
	var n int
	if known := p.client.routes.last.Load(); known != nil {
		n = len(known.topics[r.Topic].leaders)
	}
	if n == 0 {
		var err error
		if n, err = p.awaitTopic(ctx, r.Topic); err != nil {
			return nil, err
		}
	}
	i := 0
	if r.Key != nil {
		i = partitionOf(r.Key, n)
	} else {
		i = int(p.keyless.Add(1) % uint32(n))
	}
	p.queuesMu.RLock()
	qs := p.queues[r.Topic]
	p.queuesMu.RUnlock()
	if i < len(qs) {
		return qs[i], nil
	}
	p.queuesMu.Lock()
	defer p.queuesMu.Unlock()
	for qs = p.queues[r.Topic]; len(qs) < n; {
		qs = append(qs, &queue{topic: r.Topic, partition: len(qs), id: noProducerID, banned: noProducerID})
	}
	p.queues[r.Topic] = qs
	return qs[i], nil
}

// awaitTopic returns a topic's number of partitions once it exists.
func (p *Producer) awaitTopic(ctx context.Context, topic string) (int, error) {
	deadline := time.Now().Add(p.cfg.RetryFor)
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(p.ctx, cancel) //nolint:contextcheck // the producer ends on its own
	defer stop()
	for failures := 1; ; failures++ {
		last := ErrMissing
		r, err := p.client.freshRoutes(ctx)
		if err != nil {
			last = err
		} else if n := len(r.topics[topic].leaders); n > 0 {
			return n, nil
		}
		switch {
		case ctx.Err() != nil:
			return 0, fmt.Errorf("publishing to %s: %w (%w)", topic, ctx.Err(), last)
		case p.ctx.Err() != nil:
			return 0, ErrClosed
		case time.Now().After(deadline):
			return 0, fmt.Errorf("publishing to %s: %w", topic, last)
		}
		publishPauses.Wait(waiting, failures)
	}
}

// enqueue puts the record into the partition's open batch.
func (p *Producer) enqueue(q *queue, r *Record, n int64, now time.Time) slot {
	at := r.Time
	if at.IsZero() {
		at = now
	}
	b, i, idle := q.add(r, at.UnixMilli(), n, now)
	if idle {
		p.schedule(q)
	}
	return slot{b, i}
}
