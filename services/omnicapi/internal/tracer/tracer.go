// Package tracer finds every stage of one event by reading the topics. The commands `trace` and `demo` use it. It refuses
// to show what an event holds: only where it was, when, and how it ended.
package tracer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/pkg/trace"
)

// scans is how many topics are read at a time.
const scans = 4

// Scanner reads topics.
type Scanner interface {
	Scan(ctx context.Context, topic string, since time.Time, fn func(*stream.Record) error) error
}

// Find searches those of topics that exist for the events of an id; none if no topic has it. Proven ones come first, among
// equals the one that came first. lost is how many records of all topics were gone before their group had consumed them: an event
// that is not found, or in flight, may be one of them.
func Find(
	ctx context.Context, s Scanner, names topic.Names, topics []string, since time.Time, id string,
) (events []*trace.Trace, lost int64, err error) {
	inJSON, err := json.Marshal(id)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the event id: %w", err)
	}
	f := finder{id: id, inJSON: bytes.Trim(inJSON, `"`), events: trace.New(id), losses: map[string]bool{}}
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
	return f.events.Traces(), f.lost, nil
}

// finder collects what the concurrent scans of the topics find of the events of one id.
type finder struct {
	id     string
	inJSON []byte // the id as it stands in JSON

	mu     sync.Mutex
	events *trace.Events
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
	f.events.Raw(&raw, r)
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
	f.events.Signal(dataset, r)
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
		f.events.Fate(o, e)
		f.mu.Unlock()
	}
	return nil
}
