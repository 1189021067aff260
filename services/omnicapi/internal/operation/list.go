package operation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
)

// Unfinished is the result of an operation without an end: it goes on, or was cut off.
const Unfinished event.Result = "unfinished"

// Seen is an operation as a list shows it: what both of its records say.
type Seen struct {
	event.Operation
	BeganAt time.Time  `json:"began_at"`
	EndedAt *time.Time `json:"ended_at"`
}

// List returns the operations that began since then, oldest first; unreadable counts the records that are none.
func List(ctx context.Context, scan letters.Scanner, topic string, since time.Time) (list []*Seen, unreadable int, err error) {
	found := map[string]*Seen{}
	ends := map[string]*event.Operation{}
	err = scan.Scan(ctx, topic, since, func(r *stream.Record) error {
		o, err := event.DecodeOperation(r.Value)
		switch {
		case err != nil:
			unreadable++
		case o.Phase == event.Ended:
			ends[o.ID] = o
		default:
			o.Result = Unfinished
			found[o.ID] = &Seen{Operation: *o, BeganAt: o.At}
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("reading what operators did: %w", err)
	}
	for id, seen := range found {
		if end := ends[id]; end != nil {
			seen.EndedAt, seen.Worked, seen.Result = &end.At, end.Worked, end.Result
		}
		list = append(list, seen)
	}
	slices.SortFunc(list, func(a, b *Seen) int { return a.BeganAt.Compare(b.BeganAt) })
	return list, unreadable, nil
}
