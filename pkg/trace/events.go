package trace

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// sender is what tells the events of one id apart.
type sender struct {
	source string // "": the record could not be read
	trust  event.Trust
}

// Events are the events of one id, while records are found. It is for one goroutine.
type Events struct {
	id       string
	bySender map[sender]*Trace
}

// New returns the events of an id: none yet.
func New(id string) *Events { return &Events{id: id, bySender: map[sender]*Trace{}} }

// Raw notes that ingest stored the event in r.
func (e *Events) Raw(raw *event.Raw, r *record.Record) {
	t := e.of(string(raw.Source), raw.Trust)
	t.Channel = string(raw.Channel)
	t.add(Stage{Stage: string(fault.Ingest), At: r.Time, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset})
}

// Signal notes that the normalizer published the event in r, to a dataset.
func (e *Events) Signal(dataset string, r *record.Record) {
	channel, source, _ := event.SplitSource(r.Header("ce_source"))
	t := e.of(string(source), event.SignalTrust(r))
	t.Dataset = dataset
	if len(channel) > 0 {
		t.Channel = string(channel)
	}
	if name := r.Header("ce_eventname"); name != nil {
		t.EventName = string(name)
	}
	t.add(Stage{Stage: string(fault.Normalizer), At: r.Time, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset})
}

// Fate notes a fate of the event, one of o's.
func (e *Events) Fate(o *event.Outcome, f *event.EventFate) {
	t := e.of(f.Source, f.Trust)
	t.fates = append(t.fates, fateAt{f, string(o.Stage), o.EndedAt, o.Dataset, o.FBTraceID})
	t.add(Stage{
		Stage: string(o.Stage), At: o.EndedAt, Topic: f.Topic, Partition: f.Partition, Offset: f.Offset,
		Attempts: o.Attempts, BatchID: o.BatchID, Fate: string(f.Fate), Reason: string(f.Reason),
	})
}

// Lay notes where the record lay that came to a fate, for who has the fate and not the record: stage is Ingest for one of a channel's topic,
// Normalizer for one of a dataset's, which is named. A record has one stage, however many fates.
func (e *Events) Lay(stage fault.Stage, dataset string, f *event.EventFate) {
	t := e.of(f.Source, f.Trust)
	fill(&t.Dataset, dataset)
	lay := Stage{Stage: string(stage), At: f.ArrivedAt, Topic: f.Topic, Partition: f.Partition, Offset: f.Offset}
	for _, s := range t.Stages {
		if s.Fate == "" && s.Topic == lay.Topic && s.Partition == lay.Partition && s.Offset == lay.Offset {
			return
		}
	}
	t.add(lay)
}

// of is the event of a sender. A record that does not say its trust counts as proven, as it was treated.
func (e *Events) of(source string, trust event.Trust) *Trace {
	if trust == "" {
		trust = event.Proven
	}
	s := sender{source, trust}
	t := e.bySender[s]
	if t == nil {
		t = &Trace{EventID: e.id, Source: source, Trust: string(trust), Fate: InFlight, Stages: []Stage{}}
		e.bySender[s] = t
	}
	return t
}

// Traces are the events, each concluded; proven ones come first, among equals the one that came first. The fate of a record that could not be read, so names no source, is that of the one
// event of the id, else of that whose record lay there.
func (e *Events) Traces() []*Trace {
	for s, t := range e.bySender {
		if s.source == "" && e.adopt(t) {
			delete(e.bySender, s)
		}
	}
	var all []*Trace
	for _, t := range e.bySender {
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
func (e *Events) adopt(t *Trace) bool {
	for _, other := range e.bySender {
		if other.Source == "" || len(e.bySender) > 2 && !other.lay(t.Stages) {
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
