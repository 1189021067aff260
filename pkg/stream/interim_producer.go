package stream

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// Producer is the group-commit queue: at most one request in flight a partition.
type Producer struct {
	c       *Client
	cfg     ProducerConfig
	mu      sync.Mutex
	queues  map[tp]*queue
	pending int64
	closed  bool
	wg      sync.WaitGroup

	idMu  sync.Mutex
	id    int64
	epoch int16
	idOK  bool
	rr    int
}

type tp struct {
	topic string
	part  int
}

type pbatch struct {
	recs  []Record
	bytes int
	done  chan struct{}
	err   error
}

type queue struct {
	tp   tp
	mu   sync.Mutex
	q    []*pbatch
	busy bool
	pid  int64
	bad  int64
	seq  int32
	buf  []byte
}

// NewProducer returns a running producer.
func (c *Client) NewProducer(cfg ProducerConfig) *Producer {
	if cfg.MaxPending == 0 {
		cfg.MaxPending = 64 << 20
	}
	if cfg.RetryFor == 0 {
		cfg.RetryFor = time.Minute
	}
	return &Producer{c: c, cfg: cfg, queues: map[tp]*queue{}}
}

func recSize(r *Record) int {
	n := len(r.Key) + len(r.Value) + 24
	for i := range r.Headers {
		n += len(r.Headers[i].Key) + len(r.Headers[i].Value) + 6
	}
	return n
}

// Publish implements Publisher.
func (p *Producer) Publish(ctx context.Context, recs ...Record) error {
	n := 0
	for i := range recs {
		s := recSize(&recs[i])
		if s > 1<<20 {
			return ErrTooLarge
		}
		n += s
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return ErrClosed
	}
	if p.pending+int64(n) > p.cfg.MaxPending {
		p.mu.Unlock()
		return ErrFull
	}
	p.pending += int64(n)
	p.mu.Unlock()
	var waits []*pbatch
	for i := range recs {
		part, err := p.partition(ctx, &recs[i])
		if err != nil {
			return err
		}
		q := p.queue(tp{recs[i].Topic, part})
		q.mu.Lock()
		var b *pbatch
		if len(q.q) > 0 {
			b = q.q[len(q.q)-1]
		}
		s := recSize(&recs[i])
		if b == nil || b.bytes+s > 900_000 || len(b.recs) >= 10_000 {
			b = &pbatch{done: make(chan struct{})}
			q.q = append(q.q, b)
		}
		r := recs[i]
		r.Key, r.Value = bytes.Clone(r.Key), bytes.Clone(r.Value)
		hs := make([]Header, len(r.Headers))
		for j, h := range r.Headers {
			hs[j] = Header{h.Key, bytes.Clone(h.Value)}
		}
		r.Headers = hs
		if r.Time.IsZero() {
			r.Time = time.Now()
		}
		b.recs = append(b.recs, r)
		b.bytes += s
		if len(waits) == 0 || waits[len(waits)-1] != b {
			waits = append(waits, b)
		}
		start := !q.busy
		q.busy = true
		q.mu.Unlock()
		if start {
			p.wg.Add(1)
			go p.drain(q)
		}
	}
	for _, b := range waits {
		select {
		case <-b.done:
			if b.err != nil {
				return b.err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (p *Producer) partition(ctx context.Context, r *Record) (int, error) {
	for {
		rt, err := p.c.currentRoutes(ctx)
		if err == nil {
			if t, ok := rt.topics[r.Topic]; ok {
				if r.Key == nil {
					p.mu.Lock()
					p.rr++
					n := p.rr
					p.mu.Unlock()
					return n % len(t.leaders), nil
				}
				return int(murmur2(r.Key)&0x7fffffff) % len(t.leaders), nil
			}
			p.c.refresh(ctx)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (p *Producer) queue(t tp) *queue {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.queues[t]
	if q == nil {
		q = &queue{tp: t, pid: -1, bad: -1}
		p.queues[t] = q
	}
	return q
}

func (p *Producer) drain(q *queue) {
	defer p.wg.Done()
	for {
		q.mu.Lock()
		if len(q.q) == 0 {
			q.busy = false
			q.mu.Unlock()
			return
		}
		b := q.q[0]
		q.q = q.q[1:]
		q.mu.Unlock()
		b.err = p.send(q, b)
		p.mu.Lock()
		p.pending -= int64(b.bytes)
		p.mu.Unlock()
		close(b.done)
	}
}

func (p *Producer) producerID(ctx context.Context, bad int64) (int64, int16, error) {
	p.idMu.Lock()
	defer p.idMu.Unlock()
	if p.idOK && p.id != bad {
		return p.id, p.epoch, nil
	}
	r, err := p.c.kafka.InitProducerID(ctx, &kafka.InitProducerIDRequest{ProducerID: -1, ProducerEpoch: -1})
	if err == nil {
		err = r.Error
	}
	if err != nil {
		return 0, 0, err
	}
	p.id, p.epoch, p.idOK = int64(r.Producer.ProducerID), int16(r.Producer.ProducerEpoch), true
	return p.id, p.epoch, nil
}

func (p *Producer) send(q *queue, b *pbatch) error {
	deadline := time.Now().Add(p.cfg.RetryFor)
	backoff := 20 * time.Millisecond
	encoded := false
	var last error
	for attempt := 0; ; attempt++ {
		if attempt > 0 {
			p.mu.Lock()
			closed := p.closed
			p.mu.Unlock()
			if time.Now().After(deadline) || closed && attempt > 5 {
				if encoded {
					q.bad = q.pid
				}
				return fmt.Errorf("after %d attempts: %w", attempt, last)
			}
			time.Sleep(backoff)
			backoff = min(2*backoff, 500*time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
		err := p.attempt(ctx, q, b, &encoded)
		cancel()
		switch {
		case err == nil, errors.Is(err, kafka.DuplicateSequenceNumber):
			q.seq = int32((int64(q.seq) + int64(len(b.recs))) & 0x7fffffff)
			return nil
		case errors.Is(err, kafka.OutOfOrderSequenceNumber), errors.Is(err, kafka.UnknownProducerId), errors.Is(err, kafka.InvalidProducerEpoch):
			q.bad, encoded = q.pid, false
		case errors.Is(err, kafka.MessageSizeTooLarge):
			return ErrTooLarge
		case errors.Is(err, kafka.InvalidRecord), errors.Is(err, kafka.TopicAuthorizationFailed), errors.Is(err, kafka.InvalidTopic):
			return err
		default:
			rctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
			p.c.refresh(rctx)
			cancel()
		}
		last = err
	}
}

func (p *Producer) attempt(ctx context.Context, q *queue, b *pbatch, encoded *bool) error {
	if !*encoded {
		pid, epoch, err := p.producerID(ctx, q.bad)
		if err != nil {
			return err
		}
		if q.pid != pid {
			q.pid, q.seq = pid, 0
		}
		q.buf = appendBatch(append(q.buf[:0], 0, 0, 0, 0), b.recs, pid, epoch, q.seq)
		binary.BigEndian.PutUint32(q.buf, uint32(len(q.buf)-4))
		*encoded = true
	}
	res, err := p.c.kafka.RawProduce(ctx, &kafka.RawProduceRequest{Topic: q.tp.topic, Partition: q.tp.part, RequiredAcks: kafka.RequireAll,
		RawRecords: protocol.RawRecordSet{Reader: bytes.NewReader(q.buf)}})
	if err == nil {
		err = res.Error
	}
	return err
}

// Pending is the bytes not yet acknowledged.
func (p *Producer) Pending() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pending
}

// Close waits for everything queued, until ctx ends.
func (p *Producer) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	done := make(chan struct{})
	go func() { p.wg.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
