package books

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Gap is events of a dataset, name and hour that neither ended nor are in flight.
type Gap struct {
	Dataset  string    `json:"dataset"`
	Event    string    `json:"event_name"` // "": none of its records says so
	Hour     time.Time `json:"hour"`       // of arrival
	Events   int       `json:"events"`
	Examples []string  `json:"event_ids"` // some of them
}

// examples is how many ids of a gap are named.
const examples = 5

// Gaps names what neither ended nor is in flight, by dataset, event and hour. Their ids it reads from the topics once more.
func (r *Reader) Gaps(ctx context.Context, b *Books) ([]Gap, error) {
	type place struct {
		dataset, event name
		hour           int64
	}
	var gaps []*Gap
	at, of := map[place]*Gap{}, map[uint64]*Gap{}
	for hash, i := range b.ids.at {
		e := b.ids.entry(i)
		if e.state() != gap {
			continue
		}
		hour := hourOf(e)
		p := place{e.dataset, e.event, hour.Unix()}
		if at[p] == nil {
			at[p] = &Gap{Dataset: b.names.texts[e.dataset], Event: b.names.texts[e.event], Hour: hour}
			gaps = append(gaps, at[p])
		}
		at[p].Events++
		of[hash] = at[p]
	}
	if len(gaps) == 0 {
		return nil, nil
	}
	err := r.scan(ctx, func(t string) func(*stream.Record) error {
		if r.Names.Channel(t) == "" {
			return nil
		}
		return r.examples(b, of)
	})
	out := make([]Gap, 0, len(gaps))
	for _, g := range gaps {
		slices.Sort(g.Examples)
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Event, b.Event))
	})
	return out, err
}

// examples reads ids of gaps from a channel's topic.
func (r *Reader) examples(b *Books, of map[uint64]*Gap) func(*stream.Record) error {
	var raw event.Raw
	return func(rec *stream.Record) error {
		if raw.Decode(rec.Value) != nil {
			return nil
		}
		g := of[b.ids.hash(raw.Source, raw.Trust, raw.ID)]
		if g == nil {
			return nil
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(g.Examples) < examples && !slices.Contains(g.Examples, string(raw.ID)) {
			g.Examples = append(g.Examples, string(raw.ID))
		}
		return nil
	}
}
