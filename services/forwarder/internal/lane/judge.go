package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/dedup"
)

// groupSize is how many records are judged at a time: one by one, each would wait for main memory by itself.
const groupSize = 32

// candidate is a judged record.
type candidate struct {
	event  batch.Event
	params []byte
	ending event.Ending
	ends   bool // before any POST
}

// admission is the group of records being admitted; it outlives a lack of room, so that no record is judged twice.
type admission struct {
	read    int // records of the chunk that are judged
	group   [groupSize]candidate
	n, next int // of group

	signals [groupSize]event.Signal
	errs    [groupSize]error
	hashes  [groupSize]uint64
	facts   []byte // of the group
	writer  event.FactWriter
	touched byte
}

// more says whether the chunk has records that are not admitted.
func (a *admission) more(c *Chunk) bool { return a.next < a.n || a.read < len(c.Records) }

// judge reads the headers of the next group and says of each event whether it ends before any POST.
func (a *admission) judge(c *Chunk, m *dedup.Filter, deadline time.Duration, now time.Time) {
	recs := c.Records[a.read:min(a.read+groupSize, len(c.Records))]
	a.touch(recs)
	for i := range recs {
		s := &a.signals[i]
		if a.errs[i] = s.Decode(&recs[i]); a.errs[i] == nil {
			a.hashes[i] = m.Hash(s.EventName, s.ID)
		}
	}
	m.Prefetch(a.hashes[:len(recs)])
	a.facts = a.facts[:0]
	for i := range recs {
		a.group[i] = candidate{}
		e := &a.group[i].event
		e.Record, e.Chunk, e.Index = &recs[i], c.Settler, a.read+i
		a.note(e, &a.signals[i], &recs[i])
		if a.errs[i] != nil {
			m.Skip()
			a.group[i].ending, a.group[i].ends = deadBy(a.errs[i]), true
			continue
		}
		a.decide(&a.group[i], &a.signals[i], m.Add(a.hashes[i]), deadline, now)
	}
	a.read += len(recs)
	a.n, a.next = len(recs), 0
}

// touch reads from each record of the group what Decode will wait for, so that the processor waits for all at once.
func (a *admission) touch(recs []stream.Record) {
	for i := range recs {
		r := &recs[i]
		if len(r.Value) > 0 {
			a.touched ^= r.Value[0]
		}
		if last := len(r.Headers) - 1; last >= 0 && len(r.Headers[last].Value) > 0 {
			a.touched ^= r.Headers[last].Value[0]
		}
	}
}

// note keeps what the end of the event will tell.
func (a *admission) note(e *batch.Event, s *event.Signal, r *stream.Record) {
	start := len(a.facts)
	a.facts = a.writer.Append(a.facts, s, r)
	e.Facts = a.facts[start:]
	e.Channel, e.Arrived = a.writer.Channel(), batch.At(s.Time)
}

// decide judges a decoded signal.
func (a *admission) decide(c *candidate, s *event.Signal, seen bool, deadline time.Duration, now time.Time) {
	c.params = s.Params
	if seen && s.Replays == 0 {
		c.ending, c.ends = event.Ending{Fate: fault.Dropped, Reason: fault.Duplicate}, true
		return
	}
	e := &c.event
	e.Deadline = batch.At(capi.Deadline(s.Time, s.EventTime, s.ActionSource, deadline))
	if e.Expired(now) {
		c.ending, c.ends = expired, true
		return
	}
	if capi.IsStore(s.ActionSource) {
		e.ApartAt = batch.At(time.Unix(s.EventTime, 0).Add(capi.MaxAge - capi.Safety))
	}
}
