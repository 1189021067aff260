package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/dedup"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
)

// reader takes a chunk's records into the window as far as there is room for them.
type reader struct {
	chunk     *Chunk // being read; nil: the next may come
	admission admission
	dedup     int                   // size of a filter
	filters   map[int]*dedup.Filter // by partition
	hold      *hold
	unposted  *unposted
	queue     *queue
	settler   *settler
}

func newReader(cfg *Config, q *queue, s *settler) *reader {
	return &reader{
		admission: admission{deadline: cfg.Deadline}, dedup: cfg.Dedup, filters: map[int]*dedup.Filter{},
		hold: newHold(cfg), unposted: &unposted{settler: s}, queue: q, settler: s,
	}
}

// busy says whether a chunk is being read: there is no room for all of it yet.
func (r *reader) busy() bool { return r.chunk != nil }

// read takes what the hold has let go and then records of the chunk, as far as there is room for them; none while fates
// cannot be written.
func (r *reader) read(now time.Time) {
	if !r.settler.failing() && r.takeDecided(now) && r.chunk != nil && r.readChunk(now) {
		r.chunk = nil
	}
	r.unposted.write()
}

// readChunk takes the records of the chunk. False: there is no room for the rest yet.
func (r *reader) readChunk(now time.Time) bool {
	f := r.filter(r.chunk.Partition)
	if r.chunk.History {
		remember(f, r.chunk)
		return true
	}
	all := r.readRecords(f, now)
	crashpoint.Reach(crashpoint.ForwarderGathering)
	return all
}

func (r *reader) filter(partition int) *dedup.Filter {
	f, ok := r.filters[partition]
	if !ok {
		f = dedup.NewFilter(r.dedup)
		r.filters[partition] = f
	}
	return f
}

// remember adds records from before the committed offset to the filter: duplicates of them may come.
func remember(f *dedup.Filter, c *Chunk) {
	var s event.Signal
	for i := range c.Records {
		if s.Decode(&c.Records[i]) != nil || !s.IsFor(fault.Forwarder) {
			f.Skip()
			continue
		}
		f.Remember(&dedup.Copy{
			Hash: f.Hash(s.EventName, s.ID), Value: c.Records[i].Value, Params: s.Params, Unproven: s.Trust == event.Unproven,
		})
	}
}

// takeDecided takes the events that waited for the end of another. False: there is no room for all of them yet.
func (r *reader) takeDecided(now time.Time) bool {
	for c := r.hold.next(); c != nil; c = r.hold.next() {
		if r.unposted.full() || !r.take(c, now) {
			return false
		}
		r.hold.taken()
	}
	return true
}

// readRecords takes the records of the chunk, a group at a time. False: there is no room for the rest yet.
func (r *reader) readRecords(f *dedup.Filter, now time.Time) bool {
	for a := &r.admission; a.more(r.chunk); {
		if a.next == a.n {
			if r.hold.full() {
				return false
			}
			a.admitGroup(r.chunk, f, r.hold, now)
		}
		for ; a.next < a.n; a.next++ {
			if c := &a.group[a.next]; !c.passed && (r.unposted.full() || !r.take(c, now)) {
				return false
			}
		}
	}
	r.admission.read = 0
	return true
}

// finish ends the repeats whose events have ended since the last read; nothing else is read any more.
func (r *reader) finish(now time.Time) {
	if !r.settler.failing() {
		r.takeDecided(now)
	}
	r.unposted.write()
}

// ended tells the filters how events have ended, and lets go what waited for them.
func (r *reader) ended(of *fate.Report, now time.Time) {
	for i := range of.Events {
		end := of.Ending(i)
		if end.Reason == fault.Duplicate {
			continue // the filter's own word
		}
		e := &of.Events[i]
		f := r.filter(e.Record.Partition)
		f.End(e.Number, end.Fate == fault.Delivered)
		r.hold.ended(f, e, end.Fate == fault.Delivered, now)
	}
}

// take ends an event here or puts it into a batch. False: there is no room for it yet.
func (r *reader) take(c *candidate, now time.Time) bool {
	if c.ends {
		r.unposted.add(&c.event, c.ending, now)
		return true
	}
	switch result, err := r.queue.add(&c.event, c.params, now); {
	case err != nil:
		r.unposted.add(&c.event, deadBy(err), now)
	case result == batch.Oversize:
		r.unposted.add(&c.event, event.Ending{Fate: fault.Dead, Reason: fault.Oversize}, now)
	case result == batch.NoRoom:
		return false
	}
	return true
}
