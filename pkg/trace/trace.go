// Package trace says what became of one event: its stages and how it ended, put together from records that name it. The command
// `trace`, which reads the topics, and the ledger, which keeps what the outcomes said, both say it so. It refuses to show what an
// event holds.
package trace

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// InFlight stands in Trace.Fate for an event that has not ended yet.
const InFlight = "in_flight"

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
