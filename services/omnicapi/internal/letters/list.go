package letters

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Scanner reads a topic's records from a time on up to its present end.
type Scanner interface {
	Scan(ctx context.Context, topic string, since time.Time, fn func(*stream.Record) error) error
}

// Box reads the dead letters of a deployment.
type Box struct {
	Names     topic.Names
	Scan      Scanner
	DatasetOf func(source string) string // where a source's events go; "" if it is not known
	Bare      bool                       // forget the values: a list does without, and may be long
}

// List returns the letters that match a filter and were not replayed, oldest first; unreadable counts the records of the
// dead letter topic that are no dead letters.
func (b *Box) List(ctx context.Context, f Filter) (list []*Letter, unreadable int, err error) {
	type spot struct {
		topic     string
		partition int
		offset    int64
	}
	found := map[spot]*Letter{}
	err = b.Scan.Scan(ctx, b.Names.DeadLetters(), f.Since, func(r *stream.Record) error {
		if f.EventID != "" && string(r.Key) != f.EventID {
			return nil
		}
		l, err := read(r, b.Names, b.DatasetOf)
		if err != nil {
			unreadable++
			return nil //nolint:nilerr // counted: one strange record must not hide the others
		}
		if !f.takes(l) {
			return nil
		}
		at := spot{l.Topic, l.Partition, l.Offset}
		if first := found[at]; first != nil {
			first.copies = append(first.copies, l.copies...)
			return nil
		}
		if b.Bare {
			l.record.Value = nil
		}
		found[at] = l
		list = append(list, l)
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("reading the dead letters: %w", err)
	}
	if len(list) == 0 {
		return nil, unreadable, nil
	}
	gone, err := b.replayed(ctx, f.Since)
	if err != nil {
		return nil, 0, err
	}
	list = slices.DeleteFunc(list, func(l *Letter) bool {
		return slices.ContainsFunc(l.copies, func(p place) bool { return gone[p] })
	})
	slices.SortStableFunc(list, func(a, b *Letter) int { return a.FailedAt.Compare(b.FailedAt) })
	return list, unreadable, nil
}

var replayedMark = []byte(`"` + string(fault.Replayed) + `"`)

// replayed returns the positions of the letters that were replayed.
func (b *Box) replayed(ctx context.Context, since time.Time) (map[place]bool, error) {
	gone := map[place]bool{}
	letters := b.Names.DeadLetters()
	err := b.Scan.Scan(ctx, b.Names.Outcomes(), since, func(r *stream.Record) error {
		if !bytes.Contains(r.Value, replayedMark) {
			return nil
		}
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return nil //nolint:nilerr // not an outcome: nothing was replayed by it
		}
		for i := range o.Events {
			if e := &o.Events[i]; e.Fate == fault.Replayed && e.Topic == letters {
				gone[place{e.Partition, e.Offset}] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading which letters were replayed: %w", err)
	}
	return gone, nil
}
