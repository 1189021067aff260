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

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

const (
	maxRequest = 4 << 20 // bytes of batches in one request; brokers take 100 MiB
	acksWait   = requestTimeout / 2
	maxFlying  = 2 // requests on their way to one broker
	watchMoves = time.Second
)

// sender sends the produce requests to one broker. Kafka's cost is by the request, so one request carries the batches of all
// partitions that are ready; a second may be on its way for those that became ready meanwhile.
type sender struct {
	leader int32
	mu     sync.Mutex
	ready  []*queue
	flying int
}

// schedule hands a busy queue to the sender of its partition's leader.
func (p *Producer) schedule(q *queue) {
	leader := int32(noLeader)
	if r := p.client.routes.last.Load(); r != nil {
		leader = r.leader(q.topic, q.partition)
	}
	p.sendersMu.Lock()
	s := p.senders[leader]
	if s == nil {
		s = &sender{leader: leader}
		p.senders[leader] = s
	}
	p.sendersMu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = append(s.ready, q)
	if s.flying < maxFlying {
		s.flying++
		p.wg.Add(1) // the queue's bytes are pending, so Close does not wait yet
		go p.serve(s)
	}
}

// serve sends requests until no queue is ready.
func (p *Producer) serve(s *sender) {
	defer p.wg.Done()
	for {
		runtime.Gosched() // the callers that the last answer woke may have more for this request
		qs := s.take()
		if len(qs) == 0 {
			return
		}
		p.send(s.leader, qs)
	}
}

// take returns the queues whose batches go into the next request; if there are none, serve ends.
func (s *sender) take() []*queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for i, q := range s.ready {
		if total += len(q.take().raw); total > maxRequest {
			qs := s.ready[: i+1 : i+1]
			s.ready = s.ready[i+1:]
			return qs
		}
	}
	qs := s.ready
	if s.ready = nil; len(qs) == 0 {
		s.flying--
	}
	return qs
}

var (
	errNoLeader = errors.New("partition has no leader")
	errGone     = errors.New("the topic was made anew with fewer partitions")
	errNoAnswer = errors.New("kafka's answer leaves the partition out")
)

// send makes one attempt for the batches of qs and says what comes next for each of them.
func (p *Producer) send(leader int32, qs []*queue) {
	ctx, cancel := context.WithTimeout(p.ctx, requestTimeout)
	defer cancel()
	r, err := p.client.currentRoutes(ctx)
	if err != nil {
		for _, q := range qs {
			p.attempted(q, err)
		}
		return
	}
	req := &rawproduce.Request{Acks: int16(kafka.RequireAll), Timeout: int32(acksWait.Milliseconds()), Topics: make([]rawproduce.RequestTopic, 0, 1)}
	sent := qs[:0]
	for _, q := range qs {
		switch now := r.leader(q.topic, q.partition); {
		case r.gone(q.topic, q.partition):
			p.finish(q, errGone)
			continue
		case now == noLeader: // would make kafka-go refuse the whole request
			p.attempted(q, errNoLeader)
			continue
		case now != leader:
			p.schedule(q)
			continue
		}
		if b := q.sending; !b.stamped || b.restamp || b.repack {
			id, epoch, err := p.ids.get(ctx, q.banned)
			if err != nil {
				p.attempted(q, err)
				continue
			}
			q.stamp(b, id, epoch, p.client.packs.Load())
		}
		addTo(req, q)
		sent = append(sent, q)
	}
	if len(sent) == 0 {
		return
	}
	moves := time.AfterFunc(watchMoves, func() { p.endIfMoved(ctx, cancel, leader, placesOf(sent)) })
	defer moves.Stop()
	crashpoint.Reach(crashpoint.ProducerSending)
	res, err := p.client.transport.RoundTrip(ctx, p.client.kafka.Addr, req)
	crashpoint.Reach(crashpoint.ProducerWritten)
	var local *rawproduce.Error // kafka-go's metadata had moved on; nothing was sent
	for _, q := range sent {
		if !errors.As(err, &local) {
			q.sending.attempts++
		}
		if err != nil {
			p.attempted(q, err)
			continue
		}
		p.attempted(q, answerFor(res.(*produce.Response), q)) //nolint:forcetypeassert // it answers a produce.Request
	}
}

// endIfMoved ends a request to a broker that leads one of its partitions no longer: if it hangs, its answer takes as long as the
// request may. The batch goes to the new leader, who knows it by its sequence number if it has it.
func (p *Producer) endIfMoved(ctx context.Context, end context.CancelFunc, leader int32, places []partitionKey) {
	tick := time.NewTicker(watchMoves)
	defer tick.Stop()
	for ctx.Err() == nil {
		if r, err := p.client.currentRoutes(ctx); err == nil {
			for _, at := range places {
				if now := r.leader(at.topic, at.partition); now != leader && now != noLeader {
					end()
					return
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

func placesOf(qs []*queue) []partitionKey {
	places := make([]partitionKey, len(qs))
	for i, q := range qs {
		places[i] = partitionKey{q.topic, q.partition}
	}
	return places
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

// attempted acts on the result of one attempt for the batch that q is sending: the batch is done, tried again or failed.
func (p *Producer) attempted(q *queue, err error) {
	b := q.sending
	next := actionFor(err)
	late := time.Since(b.created) > p.cfg.RetryFor
	switch {
	case next == written:
		q.written(b)
		p.finish(q, nil)
	case p.ctx.Err() != nil:
		p.giveUp(q, ErrClosed)
	case next == isolate && b.count > 1:
		p.halve(q)
	case next == isolate, next == abandon:
		if b.attempts > 1 {
			q.ban() // an earlier attempt may have written it
		}
		p.finish(q, refusal(q.topic, err))
	case late:
		p.giveUp(q, fmt.Errorf("publishing to %s: giving up after %d attempts: %w", q.topic, b.attempts, err))
	default:
		switch next {
		case restamp:
			q.ban()
			b.restamp = true
		case unpack:
			b.repack = true
			p.client.sendUnpacked()
		}
		p.tryAgain(q, err)
	}
}

// tryAgain schedules the next attempt, after asking the cluster who leads what.
func (p *Producer) tryAgain(q *queue, err error) {
	b := q.sending
	if b.last == nil {
		p.client.log.Debug("publishing again", "topic", q.topic, "partition", q.partition, "error", err)
	}
	b.last = err
	if ofConnection(err) {
		p.client.suspect()
	}
	b.failures++
	time.AfterFunc(publishPauses.After(b.failures), func() {
		p.client.refresh(p.ctx)
		if _, err := p.client.currentRoutes(p.ctx); err != nil {
			p.client.log.Debug("asking who leads the partitions", "error", err)
		}
		p.schedule(q)
	})
}

// giveUp fails a batch that Kafka has not acknowledged in time. Whether it is in the log is not known.
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

// finish wakes those who wait for the batch, and the queue goes on with the next one. The pending bytes are released first:
// a woken caller may look at them.
func (p *Producer) finish(q *queue, err error) {
	b := q.sending
	q.sending = nil
	p.release(b.sizes)
	if err == nil {
		now := time.Now()
		p.wrote.Store(&now)
	}
	b.finish(err, err == nil && b.attempts == 1)
	if q.more() {
		p.schedule(q)
	}
}
