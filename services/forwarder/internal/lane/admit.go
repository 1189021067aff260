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

// groupSize is how many records are decoded together. Decoded one by one, each would wait for main memory by itself.
const groupSize = 32

// candidate is a record whose headers are decoded.
type candidate struct {
	event    batch.Event
	params   []byte       // the sender's top-level parameters
	unproven bool         // its sender proved nothing
	ends     bool         // before any POST:
	ending   event.Ending // so
	passed   bool         // nothing is to be taken: the hold has it, or it is for another stage
}

// admission decodes a chunk's records and says of each whether it ends before any POST. It keeps the group until all of it
// is taken into the window: a record is decided on once, or an event that waits for room would be its own duplicate.
type admission struct {
	deadline time.Duration // from arrival
	read     int           // records of the chunk that are decided on
	group    [groupSize]candidate
	n, next  int // how many of the group there are, and which is taken next

	signals [groupSize]event.Signal
	errs    [groupSize]error // of decoding them
	hashes  [groupSize]uint64
	facts   []byte // of the group's events
	writer  event.FactWriter

	prefetched byte // keeps the compiler from leaving out the reads of prefetch
}

// more says whether the chunk has records that are not taken yet.
func (a *admission) more(c *Chunk) bool { return a.next < a.n || a.read < len(c.Records) }

// admitGroup decodes the next group of the chunk and decides on it. What cannot be decided yet is put into the hold.
func (a *admission) admitGroup(c *Chunk, f *dedup.Filter, h *hold, now time.Time) {
	recs := c.Records[a.read:min(a.read+groupSize, len(c.Records))]
	a.prefetch(recs)
	for i := range recs {
		s := &a.signals[i]
		if a.errs[i] = s.Decode(&recs[i]); a.errs[i] == nil {
			a.hashes[i] = f.Hash(s.EventName, s.ID)
		}
	}
	f.Prefetch(a.hashes[:len(recs)])
	a.facts = a.facts[:0]
	for i := range recs {
		a.group[i] = candidate{}
		if !a.signals[i].IsFor(fault.Forwarder) {
			f.Skip()
			c.Settler.SettleRun(a.read+i, 1)
			a.group[i].passed = true
			continue
		}
		e := &a.group[i].event
		e.Record, e.Chunk, e.Index = &recs[i], c.Settler, a.read+i
		a.keepFacts(e, &a.signals[i], &recs[i])
		if a.errs[i] != nil {
			e.Number = f.Skip()
			a.group[i].ending, a.group[i].ends = deadBy(a.errs[i]), true
			continue
		}
		a.limit(&a.group[i], &a.signals[i])
		number, verdict, first := f.Add(&dedup.Copy{
			Hash: a.hashes[i], Value: recs[i].Value, Params: a.signals[i].Params, Replay: a.signals[i].Replays > 0,
			Unproven: a.group[i].unproven,
		})
		e.Number = number
		if verdict == dedup.Undecided {
			h.add(&a.group[i], a.hashes[i], first)
			continue
		}
		a.group[i].decide(verdict, now)
	}
	a.read += len(recs)
	a.n, a.next = len(recs), 0
}

// prefetch reads from each record of the group what Decode will need, so that the processor waits for all of it at once.
func (a *admission) prefetch(recs []stream.Record) {
	for i := range recs {
		r := &recs[i]
		if len(r.Value) > 0 {
			a.prefetched ^= r.Value[0]
		}
		if last := len(r.Headers) - 1; last >= 0 && len(r.Headers[last].Value) > 0 {
			a.prefetched ^= r.Headers[last].Value[0]
		}
	}
}

// keepFacts keeps what the event's outcome will say of it.
func (a *admission) keepFacts(e *batch.Event, s *event.Signal, r *stream.Record) {
	start := len(a.facts)
	a.facts = a.writer.Append(a.facts, s, r)
	e.Facts = a.facts[start:]
	e.Channel, e.Arrived, e.Unproven = a.writer.Channel(), batch.At(s.Time), s.Trust == event.Unproven
}

// limit notes until when the event may wait, and what its batch must be like.
func (a *admission) limit(c *candidate, s *event.Signal) {
	c.params, c.unproven = s.Params, s.Trust == event.Unproven
	c.event.Deadline = batch.At(capi.Deadline(s.Time, s.EventTime, s.ActionSource, a.deadline))
	if capi.IsStore(s.ActionSource) {
		c.event.OldStoreRowAt = batch.At(time.Unix(s.EventTime, 0).Add(capi.MaxAge - capi.Safety))
	}
}

// decide says whether a signal ends before any POST: as a duplicate, or because its deadline has passed.
func (c *candidate) decide(v dedup.Verdict, now time.Time) {
	switch {
	case v == dedup.Duplicate:
		c.ending, c.ends = event.Ending{Fate: fault.Dropped, Reason: fault.Duplicate}, true
	case c.event.Expired(now):
		c.ending, c.ends = expired, true
	}
}

// deadBy is the ending of an event that cannot be read because of err.
func deadBy(err error) event.Ending {
	e := event.Ending{Fate: fault.Dead, Reason: fault.Undecodable}
	if f := fault.Of(err); f != nil {
		e.Reason, e.Detail = f.Reason, f.Detail
	}
	return e
}
