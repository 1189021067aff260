package index

import (
	"cmp"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Facts are what rows are sorted by: of an event that ended, what senders and services say of it. Texts are cut to maxFact bytes.
type Facts struct {
	Minute   int64 // of arrival, else of the end: Unix minutes, not before 1970
	Channel  string
	Source   string
	Dataset  string
	Event    string
	Fate     string
	Reason   string
	Currency string
}

const maxFact = 128

// FactsOf are the facts of an event of an outcome, and its value.
func FactsOf(o *event.Outcome, f *event.EventFate) (Facts, Amount) {
	at := f.ArrivedAt
	if at.IsZero() {
		at = o.EndedAt
	}
	facts := Facts{
		Minute: min(max(at.Unix()/60, 0), lastDay*minutesADay), Channel: cut(f.Channel), Source: cut(f.Source), Dataset: cut(o.Dataset), Event: cut(f.Name),
		Fate: cut(string(f.Fate)), Reason: cut(string(f.Reason)), Currency: cut(f.Currency),
	}
	if f.Currency == "" {
		return facts, Amount{}
	}
	return facts, AmountOf(string(f.Value))
}

const (
	minutesADay = 24 * 60
	lastDay     = 1<<16 - 1
)

func cut(text string) string { return text[:min(len(text), maxFact)] }

// Grouping is what Books sorts events by.
type Grouping string

// The groupings; All is none.
const (
	All       Grouping = ""
	ByChannel Grouping = "channel"
	BySource  Grouping = "source"
	ByDataset Grouping = "dataset"
	ByEvent   Grouping = "event"
	ByHour    Grouping = "hour"
)

// Groupings is the closed list, without All.
var Groupings = []Grouping{ByChannel, BySource, ByDataset, ByEvent, ByHour}

// Key is the text by which facts are grouped.
func (g Grouping) Key(f *Facts) string {
	switch g {
	case ByChannel:
		return f.Channel
	case BySource:
		return f.Source
	case ByDataset:
		return f.Dataset
	case ByEvent:
		return f.Event
	case ByHour:
		return time.Unix(f.Minute/60*3600, 0).UTC().Format(time.RFC3339)
	case All:
	}
	return ""
}

// Row is the sum of the events of one key. Ended is how many records ended: delivered, dead or dropped; each once, however often its
// fate was written. A letter that is replayed makes another record, so an event that was replayed ended more than once.
type Row struct {
	Key   string `json:"key"`
	Ended int64  `json:"ended"`
	Fates []Sum  `json:"fates"` // by fate and reason
}

// Sum is how many events ended so, and their values by currency, decimals with at least two places.
type Sum struct {
	Fate   string            `json:"fate"`
	Reason string            `json:"reason"`
	Events int64             `json:"events"`
	Values map[string]string `json:"values,omitempty"`
}

// MaxRows bounds the rows: senders name events as they like. The keys that come later in order are one row, Others.
const (
	MaxRows = 10_000
	Others  = "(others)"
)

// Sheet adds facts up to rows.
type Sheet struct {
	by   Grouping
	rows map[string]map[end]*sums
}

type end struct{ fate, reason string }

type sums struct {
	events int64
	values map[string]*money
}

// money is how many events have values of a currency, and their sum.
type money struct {
	events int64
	value  Amount
}

// NewSheet returns an empty sheet.
func NewSheet(by Grouping) *Sheet { return &Sheet{by: by, rows: map[string]map[end]*sums{}} }

// Add adds events that share their facts, and the sum of their values.
func (s *Sheet) Add(f *Facts, events int64, value Amount) {
	key := s.by.Key(f)
	row := s.rows[key]
	if row == nil {
		if len(s.rows) >= MaxRows {
			key = Others
			row = s.rows[key]
		}
		if row == nil {
			row = map[end]*sums{}
			s.rows[key] = row
		}
	}
	e := end{f.Fate, f.Reason}
	sum := row[e]
	if sum == nil {
		sum = &sums{values: map[string]*money{}}
		row[e] = sum
	}
	sum.events += events
	if f.Currency != "" {
		m := sum.values[f.Currency]
		if m == nil {
			m = &money{}
			sum.values[f.Currency] = m
		}
		m.events, m.value = m.events+events, m.value.Plus(value)
	}
}

// Rows returns the rows in the order of their keys; nothing where a count is 0.
func (s *Sheet) Rows() []Row {
	rows := make([]Row, 0, len(s.rows))
	for key, fates := range s.rows {
		row := Row{Key: key, Fates: []Sum{}}
		for e, sum := range fates {
			if sum.events == 0 {
				continue
			}
			if e.fate != string(fault.Replayed) {
				row.Ended += sum.events
			}
			out := Sum{Fate: e.fate, Reason: e.reason, Events: sum.events}
			for currency, m := range sum.values {
				if m.events == 0 {
					continue
				}
				if out.Values == nil {
					out.Values = map[string]string{}
				}
				out.Values[currency] = m.value.String()
			}
			row.Fates = append(row.Fates, out)
		}
		if len(row.Fates) == 0 {
			continue
		}
		slices.SortFunc(row.Fates, func(a, b Sum) int { return cmp.Or(cmp.Compare(a.Fate, b.Fate), cmp.Compare(a.Reason, b.Reason)) })
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Key, b.Key) })
	return rows
}
