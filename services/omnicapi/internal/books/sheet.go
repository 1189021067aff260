package books

import (
	"maps"
	"slices"
	"time"
)

// Row is the sum of some events: Accepted is what the other counts make up together.
type Row struct {
	Key       string `json:"key"` // a channel, source, dataset, event name, or hour in UTC; "": all
	Accepted  int    `json:"accepted"`
	Delivered int    `json:"delivered"`
	Dead      int    `json:"dead"`
	Dropped   int    `json:"dropped"`
	InFlight  int    `json:"in_flight"`
	Gap       int    `json:"gap"`     // neither ended nor in flight
	Repeats   int    `json:"repeats"` // further records of the same events
	// Values by currency, of the events that have one.
	Values map[string]Values `json:"values,omitempty"`
}

// Values are amounts of a currency, decimals with at least two places. What ended before its value was read has none.
type Values struct {
	Accepted  string `json:"accepted"`
	Delivered string `json:"delivered"`
	Dead      string `json:"dead"`
	Dropped   string `json:"dropped"`
	InFlight  string `json:"in_flight"`
	Gap       string `json:"gap"`
}

// Books are what the topics said.
type Books struct {
	Lost int64 // records that were gone before their group had consumed them

	ids   *ids
	names *names
}

func (r *Reader) books() *Books {
	b := &Books{ids: r.ids, names: r.names}
	for _, n := range r.losses {
		b.Lost += n
	}
	return b
}

// Groupings are what Rows sorts events by.
var Groupings = []string{"channel", "source", "dataset", "event", "hour"}

func (b *Books) key(e *entry, by string) string {
	switch by {
	case "channel":
		return b.names.texts[e.channel]
	case "source":
		return b.names.texts[e.source]
	case "dataset":
		return b.names.texts[e.dataset]
	case "event":
		return b.names.texts[e.event]
	case "hour":
		return hourOf(e).Format(time.RFC3339)
	}
	return ""
}

func hourOf(e *entry) time.Time { return time.Unix(int64(e.arrived), 0).UTC().Truncate(time.Hour) }

// sum is a Row while it is added up.
type sum struct {
	counts  [states]int
	repeats int
	values  map[name]*[states]int64
}

// Rows adds the events up by one of Groupings, "" for all of them in one, in the order of their keys.
func (b *Books) Rows(by string) []Row {
	sums := map[string]*sum{}
	for i := range uint32(len(b.ids.at)) {
		e := b.ids.entry(i)
		key := b.key(e, by)
		s := sums[key]
		if s == nil {
			s = &sum{values: map[name]*[states]int64{}}
			sums[key] = s
		}
		state := e.state()
		s.counts[state]++
		s.repeats += int(e.repeats)
		if e.currency != 0 {
			v := s.values[e.currency]
			if v == nil {
				v = new([states]int64)
				s.values[e.currency] = v
			}
			v[state] += e.value
		}
	}
	if by == "" && len(sums) == 0 {
		sums[""] = new(sum)
	}
	rows := make([]Row, 0, len(sums))
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		rows = append(rows, b.row(key, sums[key]))
	}
	return rows
}

func (b *Books) row(key string, s *sum) Row {
	row := Row{
		Key: key, Delivered: s.counts[isDelivered], Dead: s.counts[isDead], Dropped: s.counts[isDropped], InFlight: s.counts[inFlight], Gap: s.counts[gap],
		Repeats: s.repeats,
	}
	for _, n := range s.counts {
		row.Accepted += n
	}
	if len(s.values) > 0 {
		row.Values = map[string]Values{}
	}
	for currency, v := range s.values {
		var all int64
		for _, amount := range v {
			all += amount
		}
		row.Values[b.names.texts[currency]] = Values{
			Accepted: textOf(all), Delivered: textOf(v[isDelivered]), Dead: textOf(v[isDead]), Dropped: textOf(v[isDropped]), InFlight: textOf(v[inFlight]),
			Gap: textOf(v[gap]),
		}
	}
	return row
}
