package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/produce"
	"github.com/segmentio/kafka-go/protocol/rawproduce"
)

const (
	maxRequest = 4 << 20 // bytes of batches in one request; brokers take 100 MiB
	acksWait   = requestTimeout / 2
	maxFlying  = 2 // requests on their way to one broker
)

// line is the requests to one broker. Kafka's cost is by the request, so one carries the batches of all partitions
// that are ready; a second may be on its way for those that became ready meanwhile.
type line struct {
	leader int32
	mu     sync.Mutex
	ready  []*queue
	flying int
}

// schedule puts a busy queue into its leader's line.
func (p *Producer) schedule(q *queue) {
	leader := int32(noLeader)
	if r := p.client.routes.last.Load(); r != nil {
		leader = r.leader(q.topic, q.partition)
	}
	p.linesMu.Lock()
	l := p.lines[leader]
	if l == nil {
		l = &line{leader: leader}
		p.lines[leader] = l
	}
	p.linesMu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ready = append(l.ready, q)
	if l.flying < maxFlying {
		l.flying++
		p.wg.Add(1) // the queue's bytes are pending, so Close does not wait yet
		go p.serve(l)
	}
}

// serve sends what is ready until nothing is.
func (p *Producer) serve(l *line) {
	defer p.wg.Done()
	for {
		runtime.Gosched() // the callers that the last answer woke may have more for this request
		qs := l.take()
		if len(qs) == 0 {
			return
		}
		p.send(l.leader, qs)
	}
}

// take returns the queues of the next request; none ends the serving.
func (l *line) take() []*queue {
	l.mu.Lock()
	defer l.mu.Unlock()
	total := 0
	for i, q := range l.ready {
		if total += len(q.take().raw); total > maxRequest {
			qs := l.ready[: i+1 : i+1]
			l.ready = l.ready[i+1:]
			return qs
		}
	}
	qs := l.ready
	if l.ready = nil; len(qs) == 0 {
		l.flying--
	}
	return qs
}

var (
	errNoLeader = errors.New("partition has no leader")
	errNoAnswer = errors.New("kafka's answer leaves the partition out")
)

// send makes one attempt for the batches of qs and says what comes next for each of them.
func (p *Producer) send(leader int32, qs []*queue) {
	ctx, cancel := context.WithTimeout(p.ctx, requestTimeout)
	defer cancel()
	r, err := p.client.currentRoutes(ctx)
	if err != nil {
		for _, q := range qs {
			p.judged(q, err)
		}
		return
	}
	req := &rawproduce.Request{Acks: int16(kafka.RequireAll), Timeout: int32(acksWait.Milliseconds()), Topics: make([]rawproduce.RequestTopic, 0, 1)}
	sent := qs[:0]
	for _, q := range qs {
		switch now := r.leader(q.topic, q.partition); {
		case now == noLeader: // would make kafka-go refuse the whole request
			p.judged(q, errNoLeader)
			continue
		case now != leader:
			p.schedule(q)
			continue
		}
		if b := q.sending; !b.stamped || b.restamp {
			id, epoch, err := p.ids.get(ctx, q.banned)
			if err != nil {
				p.judged(q, err)
				continue
			}
			q.stamp(b, id, epoch)
		}
		addTo(req, q)
		sent = append(sent, q)
	}
	if len(sent) == 0 {
		return
	}
	res, err := p.client.transport.RoundTrip(ctx, p.client.kafka.Addr, req)
	var local *rawproduce.Error // kafka-go's metadata had moved on; nothing was sent
	for _, q := range sent {
		if !errors.As(err, &local) {
			q.sending.attempts++
		}
		if err != nil {
			p.judged(q, err)
			continue
		}
		p.judged(q, answerFor(res.(*produce.Response), q))
	}
}

func addTo(req *rawproduce.Request, q *queue) {
	part := rawproduce.RequestPartition{Partition: int32(q.partition), RecordSet: protocol.RawRecordSet{Reader: bytes.NewReader(q.sending.wire)}}
	for i := range req.Topics {
		if t := &req.Topics[i]; t.Topic == q.topic {
			t.Partitions = append(t.Partitions, part)
			return
		}
	}
	req.Topics = append(req.Topics, rawproduce.RequestTopic{Topic: q.topic, Partitions: []rawproduce.RequestPartition{part}})
}

func answerFor(res *produce.Response, q *queue) error {
	for i := range res.Topics {
		if res.Topics[i].Topic != q.topic {
			continue
		}
		for j := range res.Topics[i].Partitions {
			a := &res.Topics[i].Partitions[j]
			if int(a.Partition) != q.partition {
				continue
			}
			if a.ErrorCode != 0 { // its text may quote a record
				return kafka.Error(a.ErrorCode)
			}
			return nil
		}
	}
	return errNoAnswer
}

// judged does what the attempt's end asks for. The queue goes on, or becomes idle.
func (p *Producer) judged(q *queue, err error) {
	b := q.sending
	v := judge(err)
	late := time.Since(b.created) > p.cfg.RetryFor
	switch {
	case v == written:
		q.written(b)
		p.finish(q, nil)
	case p.ctx.Err() != nil:
		p.giveUp(q, ErrClosed)
	case v == isolate && b.count > 1:
		p.halve(q)
	case v == isolate, v == hopeless:
		if b.attempts > 1 {
			q.ban() // an earlier attempt may have written it
		}
		p.finish(q, refusal(q.topic, err))
	case late:
		p.giveUp(q, fmt.Errorf("publishing to %s: giving up after %d attempts: %w", q.topic, b.attempts, err))
	default:
		if v == restamp {
			q.ban()
			b.restamp = true
		}
		p.tryAgain(q, err)
	}
}

// tryAgain schedules the next attempt, after asking the cluster who leads what.
func (p *Producer) tryAgain(q *queue, err error) {
	b := q.sending
	if b.last == nil {
		p.client.log.Debug("publishing again", "topic", q.topic, "partition", q.partition, "err", err)
	}
	b.last = err
	b.backoff = min(max(2*b.backoff, minBackoff), maxBackoff)
	time.AfterFunc(b.backoff, func() {
		p.client.refresh(p.ctx)
		if _, err := p.client.currentRoutes(p.ctx); err != nil {
			p.client.log.Debug("asking who leads the partitions", "err", err)
		}
		p.schedule(q)
	})
}

// giveUp ends a batch that Kafka did not answer for in time.
func (p *Producer) giveUp(q *queue, err error) {
	if q.sending.attempts > 0 {
		q.ban()
	}
	p.finish(q, err)
}

func (p *Producer) halve(q *queue) {
	b := q.sending
	if b.attempts > 1 {
		q.ban()
	}
	halves := b.split()
	q.sending = nil
	q.again(halves[0], halves[1])
	p.schedule(q)
}

// finish wakes the batch's waiters; the queue goes on with the next. The bytes are let go first: who is woken may look.
func (p *Producer) finish(q *queue, err error) {
	b := q.sending
	q.sending = nil
	p.release(b.sizes)
	b.finish(err, err == nil && b.attempts == 1)
	if q.more() {
		p.schedule(q)
	}
}
