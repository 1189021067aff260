package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Events that end without a POST are written in outcomes of at most maxEnded, at most maxEndings writes at a time.
const (
	maxEnded   = 1000
	maxEndings = 2
)

// read takes records of the chunk as far as there is room for them.
func (w *window) read(now time.Time) {
	for w.chunk != nil && w.failing.Load() == 0 {
		m, ok := w.memory[w.chunk.Partition]
		if !ok {
			m = newMemory(w.cfg.Dedup)
			w.memory[w.chunk.Partition] = m
		}
		if w.chunk.History {
			w.remember(m)
			w.chunk = nil
			return
		}
		for ; w.next < len(w.chunk.Records); w.next++ {
			if w.endedFull() || !w.take(m, now) {
				w.writeEnded()
				return
			}
		}
		w.chunk = nil
	}
	w.writeEnded()
}

// remember feeds the memory with records that are before the committed offset.
func (w *window) remember(m *memory) {
	var s event.Signal
	for i := range w.chunk.Records {
		if s.Decode(&w.chunk.Records[i]) != nil {
			m.skip()
			continue
		}
		m.add(s.EventName, s.ID)
	}
}

// take admits one record: it ends here, or it is put into a batch. False: there is no room for it yet.
func (w *window) take(m *memory, now time.Time) bool {
	a := &w.admit
	if !a.waiting {
		e := &a.event
		e.Record, e.Chunk, e.Index = &w.chunk.Records[w.next], w.chunk.Settler, w.next
		if v, ends := a.judge(m, w.cfg.Deadline, now); ends {
			w.end(e, v, now)
			return true
		}
	}
	full, r, err := w.batcher.Add(&a.event, now, w.room())
	if full != nil {
		w.enqueue(full)
	}
	switch {
	case err != nil:
		w.end(&a.event, deadBy(err), now)
	case r == batch.Oversize:
		w.end(&a.event, verdict{fate: fault.Dead, reason: fault.Oversize}, now)
	case r == batch.NoRoom:
		a.waiting = true
		if len(w.queue) == 0 { // every place is an open batch of another kind: one must go
			if b := w.batcher.Oldest(); b != nil {
				w.enqueue(b)
			}
		}
		return false
	}
	a.waiting = false
	return true
}

// judge reads the headers and says whether the event ends before any POST.
func (a *admission) judge(m *memory, deadline time.Duration, now time.Time) (v verdict, ends bool) {
	s := &a.event.Signal
	a.event.Deadline, a.event.ApartAt = time.Time{}, time.Time{}
	if err := s.Decode(a.event.Record); err != nil {
		m.skip()
		return deadBy(err), true
	}
	if seen := m.add(s.EventName, s.ID); seen && s.Replays == 0 {
		return verdict{fate: fault.Dropped, reason: fault.Duplicate}, true
	}
	a.event.Deadline = capi.Deadline(s.Time, s.EventTime, s.ActionSource, deadline)
	if a.event.Expired(now) {
		return expired, true
	}
	if capi.IsStore(s.ActionSource) {
		a.event.ApartAt = time.Unix(s.EventTime, 0).Add(capi.MaxAge - capi.Safety)
	}
	return verdict{}, false
}

// end keeps an event that ended without a POST until it is written with others.
func (w *window) end(e *batch.Event, v verdict, now time.Time) {
	if w.ended == nil {
		w.ended = &job{started: now}
	}
	w.ended.events = append(w.ended.events, *e)
	w.ended.each = append(w.ended.each, v)
}

// endedFull says whether no further event may end before a write comes back.
func (w *window) endedFull() bool {
	if w.ended == nil || len(w.ended.events) < maxEnded {
		return false
	}
	w.writeEnded()
	return w.ended != nil
}

// writeEnded writes what ended, unless enough such writes are out.
func (w *window) writeEnded() {
	if w.ended == nil || w.endings >= maxEndings {
		return
	}
	j := w.ended
	w.ended = nil
	j.ended = time.Now()
	w.endings++
	w.write(j)
}

func deadBy(err error) verdict {
	v := verdict{fate: fault.Dead, reason: fault.Undecodable}
	if f := fault.Of(err); f != nil {
		v.reason, v.detail = f.Reason, f.Detail
	}
	return v
}
