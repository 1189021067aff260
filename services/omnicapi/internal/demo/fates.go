package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Ended is a sample event and how it really ended; Got is "" if it did not end in time.
type Ended struct {
	Event
	Got       fault.Fate
	GotReason fault.Reason
	Detail    string
	FBTraceID string
}

// AsExpected says whether the event ended with the fate and reason that it must have.
func (e Ended) AsExpected() bool { return e.Got == e.Fate && e.GotReason == e.Reason }

// Scanner reads a topic's records from a time on up to its present end.
type Scanner interface {
	Scan(ctx context.Context, topic string, since time.Time, fn func(*stream.Record) error) error
}

// fate is how one event ended, as the outcomes topic says; used is set once it is assigned to a sample event.
type fate struct {
	event.EventFate
	fbtraceID string
	used      bool
}

// await reads the outcomes topic again and again until every event has a fate, or ctx ends.
func await(ctx context.Context, s Scanner, outcomes string, events []Event) ([]Ended, error) {
	for {
		fates, err := readFates(ctx, s, outcomes)
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		ended, all := match(events, fates)
		if all {
			return ended, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return ended, nil
			}
			return nil, ctx.Err()
		}
	}
}

func readFates(ctx context.Context, s Scanner, outcomes string) (map[string][]*fate, error) {
	fates := map[string][]*fate{}
	err := s.Scan(ctx, outcomes, time.Time{}, func(r *stream.Record) error {
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return err
		}
		for _, e := range o.Events {
			f := &fate{EventFate: e, fbtraceID: o.FBTraceID}
			fates[e.ID] = append(fates[e.ID], f)
			fates[bySource(e.Source)] = append(fates[bySource(e.Source)], f)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the outcomes: %w", err)
	}
	return fates, nil
}

// bySource is the key of a source's fates, for events whose id is not known beforehand.
func bySource(source string) string { return "source\x00" + source }

// match gives each event its fate: the expected one if it is recorded, else an unused one with the event's id or source.
func match(events []Event, fates map[string][]*fate) (ended []Ended, all bool) {
	ended = make([]Ended, len(events))
	take := func(i int, fits func(*fate) bool) {
		id := events[i].ID
		if id == "" {
			id = bySource(events[i].Source)
		}
		for _, f := range fates[id] {
			if !f.used && ended[i].Got == "" && fits(f) {
				f.used = true
				ended[i] = Ended{Event: events[i], Got: f.Fate, GotReason: f.Reason, Detail: f.Detail, FBTraceID: f.fbtraceID}
				ended[i].ID, ended[i].Name = f.ID, f.Name
			}
		}
	}
	for i, e := range events {
		ended[i].Event = e
		take(i, func(f *fate) bool {
			return f.Fate == e.Fate && f.Reason == e.Reason && (e.ID != "" || e.Name == "" || e.Name == f.Name)
		})
	}
	all = true
	for i := range events {
		take(i, func(*fate) bool { return true })
		all = all && ended[i].Got != ""
	}
	return ended, all
}
