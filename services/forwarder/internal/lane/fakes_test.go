package lane

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// answers of Meta by class.
func ok() Answer {
	return Answer{Answer: capi.Answer{Class: capi.OK, Status: 200, EventIndex: -1, FBTraceID: "A1"}, Usage: -1}
}

func failed(class capi.Class, status, code, subcode int) Answer {
	return Answer{Answer: capi.Answer{Class: class, Status: status, Code: code, Subcode: subcode, EventIndex: -1}, Usage: -1}
}

func setup(reason capi.SetupReason) Answer {
	a := failed(capi.Setup, 401, 190, 0)
	a.Setup = reason
	return a
}

// meta is a fake Poster: fn answers, after took.
type meta struct {
	mu       sync.Mutex
	took     time.Duration
	late     map[string]time.Duration // by first id: how much longer its post takes
	fn       func(ids []string) Answer
	posts    [][]string
	times    []time.Time
	inFlight int
	widest   int
	refusing map[string]int // by id: so many proven events are refused, one after the other, each for a fault of its own
}

func (m *meta) Post(ctx context.Context, r *batch.Request) Answer {
	ids := make([]string, len(r.Events))
	for i := range r.Events {
		ids[i] = string(r.Events[i].Record.Key)
	}
	m.mu.Lock()
	m.posts = append(m.posts, ids)
	m.times = append(m.times, time.Now())
	m.inFlight++
	m.widest = max(m.widest, m.inFlight)
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.inFlight--
		m.mu.Unlock()
	}()
	select {
	case <-ctx.Done():
		return Answer{Aborted: true, Usage: -1}
	case <-time.After(m.took + m.late[ids[0]]):
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range r.Events {
		if left := m.refusing[ids[i]]; left > 0 && event.SignalTrust(r.Events[i].Record) == event.Proven {
			if len(ids) == 1 {
				m.refusing[ids[i]]--
			}
			a := failed(capi.Invalid, 400, 100, 2804019)
			a.EventIndex, a.EventFault = i, true
			return a
		}
	}
	return m.fn(ids)
}

func (m *meta) set(fn func(ids []string) Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fn = fn
}

func (m *meta) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.posts)
}

// countLocked is count for the function that answers: it holds the lock.
func (m *meta) countLocked() int { return len(m.posts) }

func (m *meta) busy() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.inFlight > 0
}

// bus is a fake Publisher that keeps fates by partition and offset, after took.
type bus struct {
	mu       sync.Mutex
	took     time.Duration
	err      error
	outcomes []*event.Outcome
	fates    map[string][]event.EventFate // by event id
	letters  map[string]event.DeadLetter  // by event id
	where    map[[2]int64]bool            // partition, offset: a fate is written
	hang     atomic.Bool                  // until the context ends
}

func newBus() *bus {
	return &bus{fates: map[string][]event.EventFate{}, letters: map[string]event.DeadLetter{}, where: map[[2]int64]bool{}}
}

func (b *bus) Publish(ctx context.Context, recs ...stream.Record) error {
	if b.hang.Load() {
		<-ctx.Done()
		return fmt.Errorf("publishing: %w", ctx.Err())
	}
	if b.took > 0 {
		<-time.After(b.took)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	for i := range recs {
		if recs[i].Topic == "deadletters" {
			var d event.DeadLetter
			if err := d.Decode(&recs[i]); err != nil {
				panic(err)
			}
			b.letters[string(recs[i].Key)] = d
			continue
		}
		o, err := event.DecodeOutcome(recs[i].Value)
		if err != nil {
			panic(err)
		}
		b.outcomes = append(b.outcomes, o)
		for _, f := range o.Events {
			b.fates[f.ID] = append(b.fates[f.ID], f)
			b.where[[2]int64{int64(f.Partition), f.Offset}] = true
		}
	}
	return nil
}

func (b *bus) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

// ids of the events that ended so, sorted.
func (b *bus) ids(fate fault.Fate, reason fault.Reason) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []string
	for id, fates := range b.fates {
		for _, f := range fates {
			if f.Fate == fate && f.Reason == reason {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// chunk is a Settler that refuses to be settled before the fate is on Kafka, or twice.
type chunk struct {
	h       *harness
	records []stream.Record
	mu      sync.Mutex
	settled []bool
}

func (c *chunk) SettleRun(first, n int) {
	for i := range n {
		c.settle(first + i)
	}
}

func (c *chunk) settle(i int) {
	r := &c.records[i]
	c.h.bus.mu.Lock()
	written := c.h.bus.where[[2]int64{int64(r.Partition), r.Offset}]
	c.h.bus.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !written && event.IsFor(fault.Forwarder, r) {
		c.h.t.Errorf("offset %d is settled before its fate is written", r.Offset)
	}
	if c.settled[i] {
		c.h.t.Errorf("offset %d is settled twice", r.Offset)
	}
	c.settled[i] = true
}
