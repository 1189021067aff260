package tracer

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/event"
)

// sender is what tells the events of one id apart.
type sender struct {
	source string // "": the record could not be read
	trust  event.Trust
}

// of is the event of a sender; f.mu is held. A record that does not say its trust counts as proven, as it was treated.
func (f *finder) of(source string, trust event.Trust) *Trace {
	if trust == "" {
		trust = event.Proven
	}
	s := sender{source, trust}
	t := f.events[s]
	if t == nil {
		t = &Trace{EventID: f.id, Source: source, Trust: string(trust), Fate: InFlight, Stages: []Stage{}}
		f.events[s] = t
	}
	return t
}

// traces are the events, each concluded. The fate of a record that could not be read, so names no source, is that of the one
// event of the id, else of that whose record lay there.
func (f *finder) traces() []*Trace {
	for s, t := range f.events {
		if s.source == "" && f.adopt(t) {
			delete(f.events, s)
		}
	}
	var all []*Trace
	for _, t := range f.events {
		t.conclude()
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *Trace) int {
		if a.Trust != b.Trust {
			if a.Trust == string(event.Proven) {
				return -1
			}
			return 1
		}
		if c := a.Stages[0].At.Compare(b.Stages[0].At); c != 0 {
			return c
		}
		if a.Source < b.Source { // never equal: sources of one trust differ
			return -1
		}
		return 1
	})
	return all
}

// adopt gives the fates of t to the event that they are of; false: there is none.
func (f *finder) adopt(t *Trace) bool {
	for _, other := range f.events {
		if other.Source == "" || len(f.events) > 2 && !other.lay(t.Stages) {
			continue
		}
		other.Stages, other.fates = append(other.Stages, t.Stages...), append(other.fates, t.fates...)
		return true
	}
	return false
}

// lay says whether a record of the event lay at the position of one of stages.
func (t *Trace) lay(stages []Stage) bool {
	return slices.ContainsFunc(t.Stages, func(own Stage) bool {
		return own.BatchID == "" && slices.ContainsFunc(stages, func(s Stage) bool {
			return s.Topic == own.Topic && s.Partition == own.Partition && s.Offset == own.Offset
		})
	})
}
