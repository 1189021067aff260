package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/dedup"
)

// reader takes a chunk's records into the window as far as there is room for them.
type reader struct {
	chunk     *Chunk // being read; nil: the next may come
	admission admission
	dedup     int                   // size of a filter
	filters   map[int]*dedup.Filter // by partition
	unposted  *unposted
	queue     *queue
	settler   *settler
}

func newReader(cfg *Config, q *queue, s *settler) *reader {
	return &reader{
		admission: admission{deadline: cfg.Deadline}, dedup: cfg.Dedup, filters: map[int]*dedup.Filter{},
		unposted: &unposted{settler: s}, queue: q, settler: s,
	}
}

// busy says whether a chunk is being read: there is no room for all of it yet.
func (r *reader) busy() bool { return r.chunk != nil }

// read takes records of the chunk as far as there is room for them; none while fates cannot be written.
func (r *reader) read(now time.Time) {
	for r.chunk != nil && !r.settler.failing() {
		f, ok := r.filters[r.chunk.Partition]
		if !ok {
			f = dedup.NewFilter(r.dedup)
			r.filters[r.chunk.Partition] = f
		}
		if r.chunk.History {
			remember(f, r.chunk)
			r.chunk = nil
			return
		}
		if !r.readRecords(f, now) {
			break
		}
		r.chunk = nil
	}
	r.unposted.write()
}

// remember adds records from before the committed offset to the filter: duplicates of them may come.
func remember(f *dedup.Filter, c *Chunk) {
	var s event.Signal
	for i := range c.Records {
		if s.Decode(&c.Records[i]) != nil {
			f.Skip()
			continue
		}
		f.Add(f.Hash(s.EventName, s.ID))
	}
}

// readRecords takes the records of the chunk, a group at a time. False: there is no room for the rest yet.
func (r *reader) readRecords(f *dedup.Filter, now time.Time) bool {
	for a := &r.admission; a.more(r.chunk); {
		if a.next == a.n {
			a.admitGroup(r.chunk, f, now)
		}
		for ; a.next < a.n; a.next++ {
			if r.unposted.full() || !r.take(&a.group[a.next], now) {
				return false
			}
		}
	}
	r.admission.read = 0
	return true
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
