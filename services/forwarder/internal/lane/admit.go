package lane

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/dedup"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
)

// Events that end without a POST are written in outcomes of at most maxEnded, at most maxEndings writes at a time.
const (
	maxEnded   = 1000
	maxEndings = 2
)

// read takes records of the chunk as far as there is room for them.
func (w *window) read(now time.Time) {
	for w.chunk != nil && !w.fates.Failing() {
		m, ok := w.memory[w.chunk.Partition]
		if !ok {
			m = dedup.NewFilter(w.cfg.Dedup)
			w.memory[w.chunk.Partition] = m
		}
		if w.chunk.History {
			w.remember(m)
			w.chunk = nil
			return
		}
		if !w.takeAll(m, now) {
			break
		}
		w.chunk = nil
	}
	w.writeEnded()
}

// remember feeds the memory with records that are before the committed offset.
func (w *window) remember(m *dedup.Filter) {
	var s event.Signal
	for i := range w.chunk.Records {
		if s.Decode(&w.chunk.Records[i]) != nil {
			m.Skip()
			continue
		}
		m.Add(m.Hash(s.EventName, s.ID))
	}
}

// takeAll admits the records of the chunk, a group at a time. False: there is no room for the rest yet.
func (w *window) takeAll(m *dedup.Filter, now time.Time) bool {
	for a := &w.admit; a.more(w.chunk); {
		if a.next == a.n {
			a.judge(w.chunk, m, w.cfg.Deadline, now)
		}
		for ; a.next < a.n; a.next++ {
			if w.endedFull() || !w.take(&a.group[a.next], now) {
				return false
			}
		}
	}
	w.admit.read = 0
	return true
}

// take admits one record: it ends here, or it is put into a batch. False: there is no room for it yet.
func (w *window) take(c *candidate, now time.Time) bool {
	if c.ends {
		w.end(&c.event, c.ending, now)
		return true
	}
	full, r, err := w.batcher.Add(&c.event, c.params, now, w.room())
	if full != nil {
		w.enqueue(full)
	}
	switch {
	case err != nil:
		w.end(&c.event, deadBy(err), now)
	case r == batch.Oversize:
		w.end(&c.event, event.Ending{Fate: fault.Dead, Reason: fault.Oversize}, now)
	case r == batch.NoRoom:
		if len(w.queue) == 0 { // every place is an open batch of another kind: one must go
			if b := w.batcher.Oldest(); b != nil {
				w.enqueue(b)
			}
		}
		return false
	}
	return true
}

// end keeps an event that ended without a POST until it is written with others.
func (w *window) end(e *batch.Event, ending event.Ending, now time.Time) {
	if w.ended == nil {
		w.ended = &settlement{Report: fate.Report{Started: now}}
	}
	w.ended.Events = append(w.ended.Events, *e)
	w.ended.Events[len(w.ended.Events)-1].Facts = bytes.Clone(e.Facts)
	w.ended.Each = append(w.ended.Each, ending)
}

// endedFull says whether no further event may end before a write comes back.
func (w *window) endedFull() bool {
	if w.ended == nil || len(w.ended.Events) < maxEnded {
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
	s := w.ended
	w.ended = nil
	s.Ended = time.Now()
	w.endings++
	w.write(s)
}

func deadBy(err error) event.Ending {
	e := event.Ending{Fate: fault.Dead, Reason: fault.Undecodable}
	if f := fault.Of(err); f != nil {
		e.Reason, e.Detail = f.Reason, f.Detail
	}
	return e
}
