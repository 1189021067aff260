// Package reader reads a topic into the index. It belongs to no consumer group: how far it came lies with what it read. It falls
// behind rather than over: where the index takes nothing, it waits.
package reader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

const (
	flushRecords = 2000
	flushBytes   = 4 << 20
	flushEvery   = 200 * time.Millisecond
	retryEvery   = time.Second

	stale = time.Minute // of what /readyz says that it is behind
)

// ErrTruncated says that the topic ends before what was read of it: its end was lost, and other records have their offsets. The index is to be built anew.
var ErrTruncated = errors.New("the topic lost records that the ledger has")

// Reader reads one topic.
type Reader struct {
	topic   index.Topic
	name    string
	store   index.Store
	follow  func(ctx context.Context, topic string, f stream.Follower) error
	metrics *Metrics
	log     *slog.Logger
	now     func() time.Time

	mu      sync.Mutex // of what is pending
	pending []index.Record
	bytes   int

	state sync.Mutex // of the rest
	parts map[int]*progress
	all   bool // all partitions were read to their ends once
	wrong error
	said  bool // the log has it
}

// progress is how far a partition was read: next and end are offsets, caught when it was read to its end, as it was a moment ago.
type progress struct {
	next, end int64
	caught    time.Time
}

// New returns the reader of a topic of the client's.
func New(client *stream.Client, topic index.Topic, name string, store index.Store, m *Metrics, log *slog.Logger) *Reader {
	return &Reader{
		topic: topic, name: name, store: store, follow: client.Follow, metrics: m, log: log, now: time.Now, parts: map[int]*progress{},
	}
}

// Run reads until ctx ends; its error is nil or ErrTruncated.
func (r *Reader) Run(ctx context.Context) error {
	r.state.Lock()
	r.parts, r.all = map[int]*progress{}, false
	r.state.Unlock()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var flushing sync.WaitGroup
	flushing.Go(func() { r.flushNow(ctx) })
	err := r.follow(ctx, r.name, stream.Follower{
		From:     func(b stream.Bounds) int64 { return r.from(ctx, stop, b) },
		Record:   func(rec *stream.Record) { r.record(ctx, rec) },
		Fetched:  func(p int, next, end int64) { r.fetched(ctx, p, next, end) },
		CaughtUp: r.caughtUp,
		Absent:   func(_ bool, err error) { r.fail(err) },
		Failed:   r.fail,
	})
	stop(nil)
	flushing.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if errors.Is(context.Cause(ctx), ErrTruncated) {
		r.pending, r.bytes = nil, 0
		return ErrTruncated
	}
	if len(r.pending) > 0 {
		if r.store.Apply(r.pending) == nil { // else it is read again
			r.pending, r.bytes = nil, 0
		}
	}
	return err
}

// from is where a partition is read on.
func (r *Reader) from(ctx context.Context, stop context.CancelCauseFunc, b stream.Bounds) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.flush(ctx) {
		return b.Next
	}
	state := r.store.State(r.topic)
	if state.ID != b.Topic {
		if state.ID != "" {
			r.log.Warn("the topic was made anew: reading it from its start, and keeping what is known of the one before", "topic", r.name)
		}
		if !r.untilTaken(ctx, func() error { return r.store.Begin(r.topic, b.Topic) }) {
			return b.Next
		}
		state = r.store.State(r.topic)
	}
	next, known := state.Next[b.Partition]
	switch {
	case next > b.End:
		r.log.Error("the topic ends before what the ledger has read of it: building the index anew", "topic", r.name, "partition", b.Partition, "read", next, "end", b.End)
		stop(ErrTruncated)
		return b.End
	case known && next < b.First:
		r.log.Warn("records were gone before the ledger had read them", "topic", r.name, "partition", b.Partition, "from", next, "to", b.First)
		r.metrics.missed.WithLabelValues(label(r.topic)).Add(float64(b.First - next))
	}
	next = max(next, b.First)
	r.state.Lock()
	defer r.state.Unlock()
	r.parts[b.Partition] = &progress{next: next, end: b.End}
	return next
}

func (r *Reader) record(ctx context.Context, rec *stream.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	read, ok := decode(r.topic, rec)
	result := "read"
	if !ok {
		result = "unreadable"
		r.log.Warn("passing by a record that cannot be read", "topic", rec.Topic, "partition", rec.Partition, "offset", rec.Offset)
	}
	r.metrics.records.WithLabelValues(label(r.topic), result).Inc()
	r.pending, r.bytes = append(r.pending, read), r.bytes+len(rec.Value)
	if len(r.pending) >= flushRecords || r.bytes >= flushBytes {
		r.flush(ctx)
	}
}

// flush adds what is pending to the index; false: ctx ended before. r.mu is held.
func (r *Reader) flush(ctx context.Context) bool {
	if len(r.pending) == 0 {
		return true
	}
	if !r.untilTaken(ctx, func() error { return r.store.Apply(r.pending) }) {
		return false
	}
	r.pending, r.bytes = r.pending[:0], 0
	return true
}

// untilTaken tries until the index takes what fn gives it. What is wrong with it is said once.
func (r *Reader) untilTaken(ctx context.Context, fn func() error) bool {
	for said := false; ; {
		err := fn()
		if err == nil {
			if said {
				r.log.Info("the index takes records again", "topic", r.name)
			}
			return true
		}
		if !said {
			r.log.Error("the index takes no records: waiting", "topic", r.name, "error", err)
			said = true
		}
		if !backoff.Wait(ctx, retryEvery) {
			return false
		}
	}
}

// flushNow adds what came a moment ago, of partitions that are not read to their ends.
func (r *Reader) flushNow(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if r.mu.TryLock() { // else somebody is at it
			r.flush(ctx)
			r.mu.Unlock()
		}
	}
}

func (r *Reader) fetched(ctx context.Context, partition int, next, end int64) {
	r.mu.Lock()
	taken := next < end || r.flush(ctx)
	r.mu.Unlock()
	r.state.Lock()
	defer r.state.Unlock()
	p := r.parts[partition]
	if p == nil || !taken {
		return
	}
	p.next, p.end = next, end
	if next >= end {
		p.caught = r.now()
	}
}

func (r *Reader) caughtUp() {
	r.state.Lock()
	defer r.state.Unlock()
	if r.all = true; r.said {
		r.log.Info("the topic is read again", "topic", r.name)
	}
	r.wrong, r.said = nil, false
}

func (r *Reader) fail(err error) {
	r.state.Lock()
	defer r.state.Unlock()
	r.wrong = err
	if asOf := r.asOf(); !r.said && r.now().Sub(asOf) > stale {
		r.log.Warn("the topic cannot be read", "topic", r.name, "error", err)
		r.said = true
	}
}

// asOf is when all partitions were read to their ends; zero: not yet. r.state is held.
func (r *Reader) asOf() time.Time {
	var first time.Time
	for _, p := range r.parts {
		if p.caught.IsZero() || !r.all {
			return time.Time{}
		}
		if first.IsZero() || p.caught.Before(first) {
			first = p.caught
		}
	}
	return first
}

// Progress is how far a topic was read.
type Progress struct {
	Topic string    `json:"topic"`
	AsOf  time.Time `json:"as_of,omitzero"` // what was on it by then is in the index; none: it was not read to its end yet
	Lag   int64     `json:"lag_records"`
	Error string    `json:"error,omitempty"` // why it cannot be read now
}

// Progress says how far the topic was read.
func (r *Reader) Progress() Progress {
	r.state.Lock()
	defer r.state.Unlock()
	p := Progress{Topic: r.name, AsOf: r.asOf().UTC()}
	for _, part := range r.parts {
		p.Lag += max(0, part.end-part.next)
	}
	if r.wrong != nil {
		p.Error = r.wrong.Error()
	}
	return p
}

// Ready is nil if the index is as the topic was a moment ago. It is not ready before it was so once, and later it says what it is behind.
func (r *Reader) Ready() error {
	p := r.Progress()
	why := ""
	if p.Error != "" {
		why = ": " + p.Error
	}
	switch {
	case p.AsOf.IsZero():
		return fmt.Errorf("the topic was not read to its end yet, %d records are left%s", p.Lag, why)
	case r.now().Sub(p.AsOf) > stale:
		return admin.Bearable(fmt.Errorf("behind: as of %s, %d records are left%s", p.AsOf.Format(time.RFC3339), p.Lag, why))
	}
	return nil
}
