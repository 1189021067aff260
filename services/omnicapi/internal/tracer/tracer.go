// Package tracer finds every stage of one event by reading the topics. The commands `trace` and `demo` use it. It refuses
// to show what an event holds: only where it was, when, and how it ended.
package tracer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// InFlight stands in Trace.Fate for an event that has not ended yet.
const InFlight = "in_flight"

// scans is how many topics are read at a time.
const scans = 4

// Scanner reads topics.
type Scanner interface {
	Scan(ctx context.Context, topic string, since time.Time, fn func(*stream.Record) error) error
}

// Trace is what the topics say of one event: its source, its stages and how it ended. Two senders may give one id to two
// events, and a page may guess a shop's: events of one id are told apart by source and trust, and never mixed.
type Trace struct {
	EventID   string  `json:"event_id"`
	EventName string  `json:"event_name,omitempty"`
	Dataset   string  `json:"dataset"`
	Channel   string  `json:"channel"`
	Source    string  `json:"source"`
	Trust     string  `json:"trust"`
	Fate      string  `json:"fate"`
	Reason    string  `json:"reason"`
	Detail    string  `json:"detail,omitempty"`
	FBTraceID string  `json:"fbtrace_id"`
	Stages    []Stage `json:"stages"`

	fates []fateAt
}

// Stage is one step: stored (ingest), published (normalizer), or a recorded fate. Topic, Partition and Offset are the
// position of the stage's record; of a fate, of the record that ended. At is the record's time (arrival), or the fate's.
type Stage struct {
	Stage     string    `json:"stage"`
	At        time.Time `json:"at"`
	Topic     string    `json:"topic"`
	Partition int       `json:"partition"`
	Offset    int64     `json:"offset"`
	Attempts  int       `json:"attempts"`
	BatchID   string    `json:"batch_id"`
	Fate      string    `json:"fate,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

type fateAt struct {
	fate      *event.EventFate
	stage     string
	at        time.Time
	dataset   string
	fbtraceID string
}

// Find searches those of topics that exist for the events of an id; none if no topic has it. Proven ones come first, among
// equals the one that came first. lost is how many records of all topics were gone before their group had consumed them: an event
// that is not found, or in flight, may be one of them.
func Find(
	ctx context.Context, s Scanner, names topic.Names, topics []string, since time.Time, id string,
) (events []*Trace, lost int64, err error) {
	inJSON, err := json.Marshal(id)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the event id: %w", err)
	}
	f := finder{id: id, inJSON: bytes.Trim(inJSON, `"`), events: map[sender]*Trace{}, losses: map[string]bool{}}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(scans)
	for _, name := range topics {
		read := f.reader(names, name)
		if read == nil {
			continue
		}
		group.Go(func() error {
			if err := s.Scan(ctx, name, since, read); err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, 0, err
	}
	return f.traces(), f.lost, nil
}

// finder collects what the concurrent scans of the topics find of the events of one id.
type finder struct {
	id     string
	inJSON []byte // the id as it stands in JSON

	mu     sync.Mutex
	events map[sender]*Trace
	losses map[string]bool // by id
	lost   int64           // records, of these
}

// reader returns the function that looks for the event in a topic's records, nil for a topic that need not be read.
func (f *finder) reader(names topic.Names, name string) func(*stream.Record) error {
	switch {
	case names.Channel(name) != "":
		return f.raw
	case names.Dataset(name) != "":
		dataset := names.Dataset(name)
		return func(r *stream.Record) error { return f.signal(r, dataset) }
	case name == names.Outcomes():
		return f.outcome
	}
	return nil // a dead letter has its outcome
}

func (f *finder) raw(r *stream.Record) error {
	if !f.mayHold(r.Value) {
		return nil
	}
	var raw event.Raw
	if raw.Decode(r.Value) != nil || string(raw.ID) != f.id {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.of(string(raw.Source), raw.Trust)
	t.Channel = string(raw.Channel)
	t.add(Stage{Stage: string(fault.Ingest), At: r.Time, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset})
	return nil
}

// mayHold says, before a value is parsed, whether it may hold the event's id. It is always true for an id that JSON
// escapes, for such an id may be written in more than one way.
func (f *finder) mayHold(value []byte) bool {
	return bytes.Contains(value, f.inJSON) || len(f.inJSON) != len(f.id)
}

func (f *finder) signal(r *stream.Record, dataset string) error {
	if string(r.Key) != f.id {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	channel, source, _ := event.SplitSource(r.Header("ce_source"))
	t := f.of(string(source), event.SignalTrust(r))
	t.Dataset = dataset
	if len(channel) > 0 {
		t.Channel = string(channel)
	}
	if name := r.Header("ce_eventname"); name != nil {
		t.EventName = string(name)
	}
	t.add(Stage{Stage: string(fault.Normalizer), At: r.Time, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset})
	return nil
}

// lossMark stands in the value of a loss.
var lossMark = []byte(`"lost":`)

// loss counts a loss once, however often it was written.
func (f *finder) loss(r *stream.Record) {
	l, err := event.DecodeLoss(r.Value)
	if err != nil || l == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.losses[l.ID()] {
		f.losses[l.ID()] = true
		f.lost += l.Count
	}
}

func (f *finder) outcome(r *stream.Record) error {
	if bytes.Contains(r.Value, lossMark) {
		f.loss(r)
	}
	if !f.mayHold(r.Value) {
		return nil
	}
	o, err := event.DecodeOutcome(r.Value)
	if err != nil {
		return nil //nolint:nilerr // no outcome says nothing of an event
	}
	for i := range o.Events {
		e := &o.Events[i]
		if e.ID != f.id {
			continue
		}
		f.mu.Lock()
		t := f.of(e.Source, e.Trust)
		t.fates = append(t.fates, fateAt{e, string(o.Stage), o.EndedAt, o.Dataset, o.FBTraceID})
		t.add(Stage{
			Stage: string(o.Stage), At: o.EndedAt, Topic: e.Topic, Partition: e.Partition, Offset: e.Offset,
			Attempts: o.Attempts, BatchID: o.BatchID, Fate: string(e.Fate), Reason: string(e.Reason),
		})
		f.mu.Unlock()
	}
	return nil
}

func (t *Trace) add(s Stage) { t.Stages = append(t.Stages, s) }

// order sorts stages of the same time: the records on both the raw and the dataset's topic carry the event's arrival.
var order = map[string]int{string(fault.Ingest): 0, string(fault.Normalizer): 1, string(fault.Forwarder): 2}

// conclude sorts the stages and says how the event ended: delivered if it ever was, else by its last fate. An event
// whose last fate is replayed is in flight again, unless it died more often than it was replayed: the clocks of those who
// wrote that may differ. What was replayed for somebody's own consumer is none of it.
func (t *Trace) conclude() {
	slices.SortStableFunc(t.Stages, func(a, b Stage) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return order[a.Stage] - order[b.Stage]
	})
	t.fates = slices.DeleteFunc(t.fates, func(f fateAt) bool {
		_, ours := order[f.stage]
		return f.fate.Fate == fault.Replayed && !ours
	})
	slices.SortStableFunc(t.fates, func(a, b fateAt) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return before(a.fate) - before(b.fate)
	})
	var last, died *fateAt
	deaths, replays := map[position]bool{}, map[position]bool{}
	for i := range t.fates {
		f := &t.fates[i]
		at := position{f.fate.Topic, f.fate.Partition, f.fate.Offset}
		switch f.fate.Fate {
		case fault.Dead:
			deaths[at], died = true, f
		case fault.Replayed:
			replays[at] = true
		}
		if last != nil && last.fate.Fate == fault.Delivered && f.fate.Fate != fault.Delivered {
			continue // a later duplicate does not undo a delivery
		}
		last = f
	}
	if last == nil {
		return
	}
	if last.fate.Fate == fault.Replayed && len(deaths) > len(replays) {
		last = died
	}
	e := last.fate
	fill(&t.EventName, e.Name)
	fill(&t.Channel, e.Channel)
	fill(&t.Source, e.Source)
	fill(&t.Dataset, last.dataset)
	if e.Fate == fault.Replayed {
		return
	}
	t.Fate, t.Reason, t.Detail, t.FBTraceID = string(e.Fate), string(e.Reason), e.Detail, last.fbtraceID
}

// position is where a record lay.
type position struct {
	topic     string
	partition int
	offset    int64
}

// before puts a replay before what else bears its time: how the event ended next.
func before(e *event.EventFate) int {
	if e.Fate == fault.Replayed {
		return 0
	}
	return 1
}

func fill(field *string, text string) {
	if *field == "" {
		*field = text
	}
}
