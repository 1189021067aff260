package lane

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/dedup"
)

// hold keeps the repeats of events that have not ended. They are dropped when the one that they repeat is delivered; when it
// is dead, the first of them is sent, and the others wait for how that one ends; a proven one waits for no unproven one.
type hold struct {
	events, bytes       int // of all that it keeps
	maxEvents, maxBytes int // as much as the window has room for
	groups              map[place]*group
	decided             []*repeat // let go, in the order in which they are to be taken
}

// place is a record's partition and its number in the partition's filter.
type place struct {
	partition int
	number    uint32
}

// group is the repeats of one event, in their order. The hold finds it by the event and by each repeat.
type group struct {
	first   uint32 // number of the event whose end decides
	repeats []*repeat
}

// repeat is a candidate and the hash by which its filter knows it.
type repeat struct {
	candidate
	hash uint64
}

func newHold(cfg *Config) *hold {
	batches := cfg.InFlight + 1
	return &hold{maxEvents: batches * cfg.Limits.Events, maxBytes: batches * cfg.Limits.Bytes, groups: map[place]*group{}}
}

// full says whether no further repeat may be added before some are taken.
func (h *hold) full() bool { return h.events >= h.maxEvents || h.bytes >= h.maxBytes }

// add keeps a repeat of event number first, which has not ended or is a repeat itself. What c points to is copied where it
// is soon overwritten, or would keep a whole chunk.
func (h *hold) add(c *candidate, hash uint64, first uint32) {
	r := &repeat{candidate: *c, hash: hash}
	c.passed = true
	record := *c.event.Record
	r.event.Record, r.event.Facts = &record, bytes.Clone(c.event.Facts)
	h.events++
	h.bytes += len(record.Value)
	h.join(r, first)
}

func (h *hold) join(r *repeat, first uint32) {
	at := place{r.event.Record.Partition, first}
	g := h.groups[at]
	if g == nil {
		g = &group{first: first}
		h.groups[at] = g
	}
	g.repeats = append(g.repeats, r)
	h.groups[r.place()] = g
}

func (r *repeat) place() place { return place{r.event.Record.Partition, r.event.Number} }

// ended decides on the repeats of an event that has ended.
func (h *hold) ended(f *dedup.Filter, e *batch.Event, delivered bool, now time.Time) {
	if len(h.groups) == 0 {
		return
	}
	at := place{e.Record.Partition, e.Number}
	g := h.groups[at]
	if g == nil || g.first != e.Number {
		return
	}
	delete(h.groups, at)
	var sent *repeat // the one that decides about the others from here on
	for _, r := range g.repeats {
		delete(h.groups, r.place())
		if sent != nil && (r.unproven || !sent.unproven) {
			h.join(r, sent.event.Number)
			continue
		}
		if delivered {
			f.End(r.event.Number, true)
			h.letGo(r, dedup.Duplicate, now)
			continue
		}
		verdict, first := f.Again(r.event.Number, &dedup.Copy{
			Hash: r.hash, Value: r.event.Record.Value, Params: r.params, Unproven: r.unproven,
		})
		switch verdict {
		case dedup.Undecided:
			h.join(r, first)
			continue
		case dedup.New:
			sent = r
		case dedup.Duplicate:
		}
		h.letGo(r, verdict, now)
	}
}

func (h *hold) letGo(r *repeat, v dedup.Verdict, now time.Time) {
	r.decide(v, now)
	h.decided = append(h.decided, r)
}

// next is the repeat to take next; nil: there is none.
func (h *hold) next() *candidate {
	if len(h.decided) == 0 {
		return nil
	}
	return &h.decided[0].candidate
}

// taken forgets the next repeat: it has left the hold.
func (h *hold) taken() {
	h.events--
	h.bytes -= len(h.decided[0].event.Record.Value)
	h.decided[0] = nil
	if h.decided = h.decided[1:]; len(h.decided) == 0 {
		h.decided = nil // let go of the memory of a burst
	}
}
