package spool

import (
	"context"
	"errors"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Cluster says which Kafka is reached.
type Cluster interface {
	ClusterID(ctx context.Context) (string, error)
}

// Publisher publishes records and says the end of each, with acks=all.
type Publisher interface {
	PublishEach(ctx context.Context, recs ...stream.Record) []error
}

const (
	batchEvents = 500 // published at a time, and taken out of the file at a time
	batchBytes  = 1 << 20

	asideEvery = time.Minute      // how often events that Kafka refused are tried again
	asideLimit = 10 * time.Second // how long that may take
)

// pauses is how long the drain waits after a try that moved nothing.
var pauses = backoff.Pauses{Min: 200 * time.Millisecond, Max: 5 * time.Second}

// verdict is why Kafka takes a record never, as things are: a closed list, the metric's reason. "" is: it has it.
type verdict string

// The verdicts.
const (
	oversize   verdict = "too_large"
	noTopic    verdict = "no_topic"
	denied     verdict = "refused" // the user may not write to it, the record is invalid, …
	unreadable verdict = "unreadable"
)

var verdicts = []verdict{oversize, noTopic, denied, unreadable}

func verdictOf(err error) (v verdict, final bool) {
	switch {
	case err == nil:
		return "", true
	case errors.Is(err, stream.ErrTooLarge):
		return oversize, true
	case errors.Is(err, stream.ErrMissing):
		return noTopic, true
	case stream.Refused(err):
		return denied, true
	}
	return "", false
}

// drain is one run of Drain.
type drain struct {
	*Spool
	pub     Publisher
	missing map[string]time.Time // topics that Kafka lacks, and when it said so
	asideAt time.Time            // when what is set aside was tried last
	asideTo uint64               // and how far that went
}

// Drain publishes what the spool holds, oldest first, until ctx ends, and takes out of it what Kafka has acknowledged. What
// Kafka refuses is set aside and tried again later, so that it holds up nothing else. A kill between acknowledgement and removal
// publishes at most one batch again, under the same event ids.
func (s *Spool) Drain(ctx context.Context, cluster Cluster, pub Publisher) error {
	if !s.confirm(ctx, cluster) {
		return nil
	}
	d := &drain{Spool: s, pub: pub, missing: map[string]time.Time{}}
	for failures := 0; ctx.Err() == nil; {
		moved, idle := d.pass(ctx)
		switch {
		case idle:
			failures = 0
			d.rest(ctx)
		case moved:
			failures = 0
		default:
			failures++
			pauses.Wait(ctx, failures)
		}
	}
	return nil
}

// confirm waits until Kafka says which cluster it is, and is true once the spool is known to be for that one.
func (s *Spool) confirm(ctx context.Context, cluster Cluster) bool {
	for failures := 1; ; failures++ {
		id, err := cluster.ClusterID(ctx)
		if err == nil && s.adopt(id) {
			return true
		}
		if !pauses.Wait(ctx, failures) {
			return false
		}
	}
}

// adopt says whether the spool is for the cluster of that id. An empty one is for any.
func (s *Spool) adopt(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ours := installation{Prefix: s.Prefix, ClusterID: id}
	if err := s.mark.foreign(s.Dir, ours); err != nil && s.held.events()+s.reserved > 0 {
		s.fail(foreign, err)
		return false
	}
	s.works(foreign)
	if s.mark != ours {
		s.mark = ours
		if err := ours.write(s.Dir); err != nil { // to drain makes room on a full disk
			s.Log.Warn("the spool's folder cannot be marked as this installation's", "dir", s.Dir, "error", err)
		}
	}
	return true
}

// rest waits until there is something to do.
func (d *drain) rest(ctx context.Context) {
	t := time.NewTimer(asideEvery)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-d.filled:
	case <-t.C:
	}
}

// pass publishes a batch. moved: something of it has left the queue, or what was set aside.
func (d *drain) pass(ctx context.Context) (moved, idle bool) {
	items, err := d.store.read(queued, 0, batchEvents, batchBytes)
	if err != nil {
		d.failed(err)
		return false, false
	}
	if len(items) > 0 {
		return d.publish(ctx, queued, items), false
	}
	return d.retryAside(ctx)
}

// retryAside tries what Kafka refused: from time to time, and on while it takes all of it.
func (d *drain) retryAside(ctx context.Context) (moved, idle bool) {
	if d.holds().aside.events == 0 || time.Since(d.asideAt) < asideEvery {
		return false, true
	}
	items, err := d.store.read(setAside, d.asideTo, batchEvents, batchBytes)
	if err != nil {
		d.failed(err)
		return false, false
	}
	if len(items) == 0 { // all of it was tried
		d.asideTo, d.asideAt = 0, time.Now()
		return false, true
	}
	d.asideTo = items[len(items)-1].number
	clear(d.missing)
	limited, cancel := context.WithTimeout(ctx, asideLimit)
	defer cancel()
	if moved = d.publish(limited, setAside, items); !moved {
		d.asideAt = time.Now()
	}
	return moved, !moved
}

func (d *drain) failed(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail(disk, err)
}

// publish publishes items of a place topic by topic, in order, and takes out what has an end.
func (d *drain) publish(ctx context.Context, from place, items []item) (moved bool) {
	var done, aside []item
	end := func(it item, v verdict) {
		switch {
		case v == "":
			done = append(done, it)
		case from == queued:
			aside = append(aside, it)
			d.metrics.aside.WithLabelValues(string(v)).Inc()
		}
	}
	var topics []string
	of, recs := map[string][]item{}, map[string][]stream.Record{}
	for _, it := range items {
		r, err := decodeRecord(it.value)
		if err != nil {
			end(it, unreadable)
			continue
		}
		if of[r.Topic] == nil {
			topics = append(topics, r.Topic)
		}
		of[r.Topic], recs[r.Topic] = append(of[r.Topic], it), append(recs[r.Topic], r)
	}
	for _, topic := range topics {
		if time.Since(d.missing[topic]) < asideEvery {
			for _, it := range of[topic] {
				end(it, noTopic)
			}
			continue
		}
		for i, err := range d.pub.PublishEach(ctx, recs[topic]...) {
			v, final := verdictOf(err)
			if v == noTopic {
				d.missing[topic] = time.Now()
			}
			if final {
				end(of[topic][i], v)
			}
		}
	}
	if len(done)+len(aside) == 0 {
		return false
	}
	d.settle(ctx, from, done, aside)
	return true
}

// settle takes out of the file what has an end. It does not give up while the process runs: what is still in the file would be
// published again.
func (d *drain) settle(ctx context.Context, from place, done, aside []item) {
	for failures := 1; ; failures++ {
		held, err := d.store.settle(from, done, aside)
		if err == nil {
			d.metrics.drained.Add(float64(len(done)))
			d.settled(held, len(done), len(aside))
			if held.events() > 0 {
				return
			}
			if err := d.store.renew(); err != nil { // the next time
				d.Log.Debug("making the spool's file anew", "error", err)
			}
			return
		}
		d.failed(err)
		if !pauses.Wait(ctx, failures) {
			return
		}
	}
}

func (d *drain) settled(held holding, done, aside int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.changed(held)
	d.drained += int64(done)
	if aside > 0 && before.aside.events == 0 {
		d.Log.Warn("kafka refuses events of the spool: they are kept there, and tried again every minute", "events", aside, "dir", d.Dir)
	}
	if before.queue.events > 0 && held.queue.events == 0 {
		d.Log.Info("the spool is drained", "events", d.drained, "set_aside", held.aside.events, "took", time.Since(d.since).Round(time.Second))
	}
}
