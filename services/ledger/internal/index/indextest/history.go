package indextest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// Start is when histories begin.
var Start = time.Date(2026, 11, 25, 22, 0, 0, 0, time.UTC)

// history makes records as the topics may hold them, fates that were written twice and differently among them.
type history struct {
	rng     *rand.Rand
	offsets map[int]int64 // of outcomes
	letters int64
	lost    int64
}

func newHistory(seed uint64) *history {
	return &history{rng: rand.New(rand.NewPCG(seed, 1)), offsets: map[int]int64{}}
}

func pick[T any](h *history, of ...T) T { return of[h.rng.IntN(len(of))] }

// next is the next record, one after the other in each partition.
func (h *history) next() index.Record {
	at := Start.Add(time.Duration(h.rng.Int64N(int64(50 * time.Hour)))).Truncate(time.Millisecond)
	if h.rng.IntN(10) == 0 {
		h.letters++
		id := h.id()
		place := index.Place{Topic: index.Letters, Offset: h.letters - 1, Time: at}
		return index.Record{Place: place, Letter: &index.Letter{EventID: id, Place: place, DeadLetter: event.DeadLetter{
			Stage: fault.Forwarder, Reason: fault.Refused, Detail: "100/2804019", Topic: "signals.shop", Partition: 1, Offset: h.rng.Int64N(50), Attempts: 1,
			FBTraceID: "T", FailedAt: at, Replays: h.rng.IntN(2), Shortened: h.rng.IntN(2) == 0,
		}}}
	}
	p := h.rng.IntN(3)
	place := index.Place{Topic: index.Outcomes, Partition: p, Offset: h.offsets[p], Time: at}
	h.offsets[p] += 1 + h.rng.Int64N(2)
	switch h.rng.IntN(20) {
	case 0:
		return index.Record{Place: place} // unreadable
	case 1:
		h.lost = h.rng.Int64N(4)
		return index.Record{Place: place, Loss: &event.Loss{Stage: fault.Forwarder, NoticedAt: at, Lost: event.Lost{
			Group: "g", Topic: "signals.shop", Partition: int(h.lost), From: 3, To: 3 + h.lost, Count: h.lost, Cause: fault.Retention,
		}}}
	}
	o := &event.Outcome{
		BatchID: pick(h, event.NewBatchID(), "batch-"+strconv.Itoa(h.rng.IntN(5))), Stage: pick(h, fault.Normalizer, fault.Forwarder), Dataset: pick(h, "", "shop", "app"),
		FBTraceID: pick(h, "", fmt.Sprint("A", h.rng.IntN(9))), Attempts: h.rng.IntN(3), StartedAt: at.Add(-time.Second), EndedAt: at,
	}
	for range 1 + h.rng.IntN(4) {
		o.Events = append(o.Events, h.fate(at))
	}
	return index.Record{Place: place, Outcome: o}
}

func (h *history) id() string {
	return pick(h, "order-", `<b>"`, "\x00ü") + strconv.Itoa(h.rng.IntN(20))
}

func (h *history) fate(ended time.Time) event.EventFate {
	offset := h.rng.Int64N(60)
	f := event.EventFate{
		ID: fmt.Sprint("order-", offset%20), Name: pick(h, "Purchase", "Lead", "", "Pürchase\n"), Channel: pick(h, "website", "crm"), Source: pick(h, "shop", "till"),
		Trust: pick(h, event.Proven, event.Unproven, ""), Topic: pick(h, "signals.shop", "events.website"), Partition: h.rng.IntN(2), Offset: offset,
		Detail: pick(h, "", "user_data"),
	}
	f.Fate = pick(h, fault.Delivered, fault.Dead, fault.Dropped, fault.Replayed)
	switch f.Fate {
	case fault.Dead:
		f.Reason = pick(h, fault.Expired, fault.Refused)
	case fault.Dropped:
		f.Reason = pick(h, fault.Duplicate, fault.Consent)
	case fault.Delivered, fault.Replayed:
	}
	if h.rng.IntN(3) > 0 {
		f.Value, f.Currency = json.Number(pick(h, "12.5", "0", "-3.999999", "9000000000000", "1e400", "7.1234567")), pick(h, "EUR", "USD")
	}
	if h.rng.IntN(5) > 0 {
		f.ArrivedAt = ended.Add(-time.Duration(h.rng.Int64N(int64(5 * time.Hour)))).Truncate(pick(h, time.Millisecond, 1))
	}
	if h.rng.IntN(10) == 0 {
		f.Topic = "" // of a record that nobody could read
	}
	return f
}

// rows are the books of all records, added up without a store.
func rows(records []index.Record, since, until time.Time, by index.Grouping) []index.Row {
	sheet := index.NewSheet(by)
	add := func(f index.Fate) {
		facts, value := index.FactsOf(f.Outcome, &f.Event)
		at := time.Unix(facts.Minute*60, 0)
		if (since.IsZero() || !at.Before(since.Truncate(time.Minute))) && (until.IsZero() || at.Before(until.Truncate(time.Minute))) {
			sheet.Add(&facts, 1, value)
		}
	}
	var counted []index.Fate
	for _, r := range records {
		if r.Outcome == nil {
			continue
		}
		for i := range r.Outcome.Events {
			f := index.Fate{Outcome: r.Outcome, Event: r.Outcome.Events[i]}
			if !index.Counts(&f.Event) {
				add(f)
				continue
			}
			known := false
			for j := range counted {
				if index.SameRecord(&counted[j].Event, &f.Event) {
					if known = true; f.Before(counted[j]) {
						counted[j] = f
					}
				}
			}
			if !known {
				counted = append(counted, f)
			}
		}
	}
	for _, f := range counted {
		add(f)
	}
	return sheet.Rows()
}
