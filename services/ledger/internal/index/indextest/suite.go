// Package indextest is what every index.Store must do. Each implementation's tests run it.
package indextest

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// Opened is an open store. Crash ends it as a kill or a loss of power does, and returns what another process finds then.
type Opened struct {
	index.Store
	Crash func() Opened
}

// Run runs all tests against a new, empty store each.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, func(*testing.T) Opened){
		"lookups": lookups, "once": once, "best": best, "books": books, "anew": anew, "expire": expire, "rebuild": rebuild, "crashes": crashes, "many": many,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

func outcome(offset int64, at time.Time, events ...event.EventFate) index.Record {
	return index.Record{Place: index.Place{Topic: index.Outcomes, Offset: offset, Time: at}, Outcome: &event.Outcome{
		BatchID: "0123456789abcdef0123456789abcdef", Stage: fault.Forwarder, Dataset: "shop", FBTraceID: "AbC", Attempts: 2, StartedAt: at.Add(-time.Second), EndedAt: at,
		Events: events,
	}}
}

func fateOf(id string, offset int64, fate fault.Fate, reason fault.Reason) event.EventFate {
	return event.EventFate{
		ID: id, Name: "Purchase", Channel: "website", Source: "shop", Trust: event.Proven, Fate: fate, Reason: reason, Topic: "signals.shop", Partition: 1, Offset: offset,
		Value: "12.5", Currency: "EUR", ArrivedAt: Start,
	}
}

func apply(t *testing.T, s index.Store, records ...index.Record) {
	t.Helper()
	if err := s.Apply(records); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func rowsOf(t *testing.T, s index.Store, since, until time.Time, by index.Grouping) []index.Row {
	t.Helper()
	got, err := s.Books(since, until, by)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// lookups: all that an outcome says is found by its event, batch and fbtrace ids, on whatever day it was written; a letter by its event's.
func lookups(t *testing.T, open func(*testing.T) Opened) {
	s := open(t)
	first := outcome(0, Start, fateOf("a", 1, fault.Delivered, ""), fateOf("b", 2, fault.Dead, fault.Refused))
	first.Outcome.Events[1].Detail, first.Outcome.Events[1].Name = "100/1", strings.Repeat("x", 4096)
	second := outcome(1, Start.Add(48*time.Hour), fateOf("a", 9, fault.Dropped, fault.Duplicate))
	second.Outcome.FBTraceID, second.Outcome.BatchID = "", "other"
	place := index.Place{Topic: index.Letters, Partition: 2, Offset: 7, Time: Start}
	letter := &index.Letter{EventID: "b", Place: place, DeadLetter: event.DeadLetter{
		Stage: fault.Forwarder, Reason: fault.Refused, Detail: "100/1", Topic: "signals.shop", Partition: 1, Offset: 2, Attempts: 3, FBTraceID: "AbC", FailedAt: Start, Replays: 1,
		Shortened: true,
	}}
	apply(t, s, first, second, index.Record{Place: place, Letter: letter})
	for id, want := range map[string][]index.Record{"a": {first, second}, "b": {first}, "c": nil, "": nil} {
		found, err := s.Event(id)
		if err != nil {
			t.Fatal(err)
		}
		var fates []index.Fate
		for _, r := range want {
			o := *r.Outcome
			o.Events = nil
			for _, e := range r.Outcome.Events {
				if e.ID == id {
					fates = append(fates, index.Fate{Outcome: &o, Event: e})
				}
			}
		}
		slices.SortFunc(found.Fates, func(a, b index.Fate) int { return a.Outcome.EndedAt.Compare(b.Outcome.EndedAt) })
		same(t, "fates of "+id, fates, found.Fates)
		letters := map[string][]index.Letter{"b": {*letter}}[id]
		same(t, "letters of "+id, letters, found.Letters)
	}
	for id, want := range map[string][]*event.Outcome{first.Outcome.BatchID: {first.Outcome}, "other": {second.Outcome}, "b": nil} {
		got, err := s.Batch(id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "batch "+id, want, got)
	}
	for id, want := range map[string][]*event.Outcome{"AbC": {first.Outcome}, "": nil, "abc": nil} {
		got, err := s.FBTrace(id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "fbtrace "+id, want, got)
	}
}

// once: records that were read before are not added again, in the same process or another.
func once(t *testing.T, open func(*testing.T) Opened) {
	s := open(t)
	records := []index.Record{outcome(4, Start, fateOf("a", 1, fault.Replayed, "")), outcome(5, Start, fateOf("b", 2, fault.Delivered, "")), {Place: index.Place{Offset: 8}}}
	apply(t, s, records...)
	want := rowsOf(t, s, time.Time{}, time.Time{}, index.All)
	if len(want) != 1 || want[0].Ended != 1 || len(want[0].Fates) != 2 {
		t.Fatalf("%+v", want)
	}
	apply(t, s, records...)
	same(t, "books after the same records", want, rowsOf(t, s, time.Time{}, time.Time{}, index.All))
	same(t, "state", map[int]int64{0: 9}, s.State(index.Outcomes).Next)
	same(t, "state of letters", map[int]int64{}, s.State(index.Letters).Next)
}

// best: of several fates of one record the one counts that says most, whatever was read first.
func best(t *testing.T, open func(*testing.T) Opened) {
	fates := []event.EventFate{
		fateOf("a", 1, fault.Dropped, fault.Duplicate), fateOf("a", 1, fault.Delivered, ""), fateOf("a", 1, fault.Dead, fault.Expired),
		fateOf("a", 1, fault.Delivered, ""), fateOf("a", 2, fault.Dropped, fault.Duplicate), fateOf("b", 1, fault.Dropped, fault.Consent),
	}
	for seed := range uint64(6) {
		s := open(t)
		rng := rand.New(rand.NewPCG(seed, 2))
		for i, n := range rng.Perm(len(fates)) {
			apply(t, s, outcome(int64(i), Start.Add(time.Duration(n)*time.Second), fates[n]))
		}
		want := []index.Row{{Ended: 3, Fates: []index.Sum{
			{Fate: "delivered", Events: 1, Values: map[string]string{"EUR": "12.50"}},
			{Fate: "dropped", Reason: "consent", Events: 1, Values: map[string]string{"EUR": "12.50"}},
			{Fate: "dropped", Reason: "duplicate", Events: 1, Values: map[string]string{"EUR": "12.50"}},
		}}}
		same(t, "books", want, rowsOf(t, s, time.Time{}, time.Time{}, index.All))
	}
}

// books: sums of any minutes, by anything, are what the records say.
func books(t *testing.T, open func(*testing.T) Opened) {
	s, h := open(t), newHistory(7)
	var records []index.Record
	for range 300 {
		records = append(records, h.next())
	}
	apply(t, s, records...)
	check(t, s, records, 40)
}

func check(t *testing.T, s index.Store, records []index.Record, queries int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(len(records)), 3))
	groupings := append([]index.Grouping{index.All}, index.Groupings...)
	for i := range queries {
		var since, until time.Time
		if i >= len(groupings) {
			since = Start.Add(time.Duration(rng.Int64N(int64(40*time.Hour))) - 6*time.Hour)
			until = since.Add(time.Duration(rng.Int64N(int64(60 * time.Hour))))
			if rng.IntN(3) == 0 {
				since, until = since.Truncate(24*time.Hour), until.Truncate(time.Hour)
			}
		}
		by := groupings[i%len(groupings)]
		same(t, "books by "+string(by)+" "+since.String()+" "+until.String(), rows(records, since, until, by), rowsOf(t, s, since, until, by))
		if t.Failed() {
			return
		}
	}
}

// anew: a topic that was made anew is read from its start, and what the store has of the one before stays.
func anew(t *testing.T, open func(*testing.T) Opened) {
	s := open(t)
	for _, id := range []string{"one", "two", "two"} {
		if err := s.Begin(index.Outcomes, id); err != nil {
			t.Fatal(err)
		}
		name, offset := id, map[string]int64{"one": 1, "two": 2}[id]
		apply(t, s, outcome(0, Start, fateOf(name, offset, fault.Delivered, "")))
		same(t, "state", index.State{ID: id, Next: map[int]int64{0: 1}}, s.State(index.Outcomes))
	}
	if got := rowsOf(t, s, time.Time{}, time.Time{}, index.All); len(got) != 1 || got[0].Ended != 2 {
		t.Errorf("%+v", got)
	}
	for _, id := range []string{"one", "two"} {
		if found, err := s.Event(id); err != nil || len(found.Fates) != 1 || found.Fates[0].Event.ID != id {
			t.Errorf("%s: %+v, %v", id, found, err)
		}
	}
	s = s.Crash()
	if id := s.State(index.Outcomes).ID; id != "" && id != "one" && id != "two" {
		t.Errorf("topic %q", id)
	}
}

// expire: what is of days before is gone, what is of later ones stays, and where it was read to is still known.
func expire(t *testing.T, open func(*testing.T) Opened) {
	s := open(t)
	old, young := fateOf("a", 1, fault.Delivered, ""), fateOf("b", 2, fault.Delivered, "")
	later := Start.Add(72 * time.Hour)
	young.ArrivedAt = later
	apply(t, s, outcome(0, Start, old), outcome(1, later, young),
		index.Record{Place: index.Place{Offset: 2, Time: Start}, Loss: &event.Loss{Lost: event.Lost{Group: "g", Topic: "t", Count: 5}}})
	if stats, err := s.Stats(); err != nil || stats.Lost != 5 || !stats.Earliest.Equal(Start.Truncate(24*time.Hour)) {
		t.Errorf("%+v, %v", stats, err)
	}
	if err := s.Expire(later); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"a": 0, "b": 1} {
		if found, err := s.Event(id); err != nil || len(found.Fates) != want {
			t.Errorf("%s: %d fates, %v", id, len(found.Fates), err)
		}
	}
	if got := rowsOf(t, s, time.Time{}, time.Time{}, index.All); len(got) != 1 || got[0].Ended != 1 {
		t.Errorf("%+v", got)
	}
	if stats, err := s.Stats(); err != nil || stats.Lost != 0 || !stats.Earliest.Equal(later.Truncate(24*time.Hour)) {
		t.Errorf("%+v, %v", stats, err)
	}
	same(t, "state", map[int]int64{0: 3}, s.State(index.Outcomes).Next)
}

// rebuild: nothing is left, and all may be added again.
func rebuild(t *testing.T, open func(*testing.T) Opened) {
	s, h := open(t), newHistory(9)
	var records []index.Record
	for range 50 {
		records = append(records, h.next())
	}
	apply(t, s, records...)
	if err := s.Rebuild(); err != nil {
		t.Fatal(err)
	}
	same(t, "books", []index.Row{}, rowsOf(t, s, time.Time{}, time.Time{}, index.All))
	same(t, "state", index.State{}, s.State(index.Outcomes))
	apply(t, s, records...)
	check(t, s, records, 6)
}

// crashes: a store that is killed at any moment and read on from its State has what one has that read everything once.
func crashes(t *testing.T, open func(*testing.T) Opened) {
	for seed := range uint64(5) {
		h, rng := newHistory(seed), rand.New(rand.NewPCG(seed, 4))
		var records []index.Record
		for range 160 {
			records = append(records, h.next())
		}
		s := open(t)
		if err := s.Begin(index.Outcomes, "id"); err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(records); {
			n := min(1+rng.IntN(60), len(records)-at)
			apply(t, s, records[at:at+n]...)
			if at += n; rng.IntN(3) > 0 {
				continue
			}
			s = s.Crash()
			if at = unread(s, records); s.State(index.Outcomes).ID == "" { // it lost even that
				if err := s.Begin(index.Outcomes, "id"); err != nil {
					t.Fatal(err)
				}
			}
		}
		fresh := open(t)
		apply(t, fresh, records...)
		check(t, s, records, 8)
		same(t, "events", events(t, fresh, records), events(t, s, records))
		same(t, "state", fresh.State(index.Letters), s.State(index.Letters))
		same(t, "offsets", fresh.State(index.Outcomes).Next, s.State(index.Outcomes).Next)
		want, _ := fresh.Stats()
		if got, err := s.Stats(); err != nil || got.Lost != want.Lost {
			t.Errorf("lost %d, want %d, %v", got.Lost, want.Lost, err)
		}
	}
}

// unread is the first record that the store does not have; later ones of other partitions it may have.
func unread(s index.Store, records []index.Record) int {
	for i, r := range records {
		if r.Offset >= s.State(r.Topic).Next[r.Partition] {
			return i
		}
	}
	return len(records)
}

// events are the fates and letters of all ids as text.
func events(t *testing.T, s index.Store, records []index.Record) []string {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range records {
		if r.Letter != nil {
			ids[r.Letter.EventID] = true
		}
		if r.Outcome != nil {
			for _, e := range r.Outcome.Events {
				ids[e.ID] = true
			}
		}
	}
	var all []string
	for id := range ids {
		found, err := s.Event(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found.Fates {
			b, _ := json.Marshal(f)
			all = append(all, string(b))
		}
		for _, l := range found.Letters {
			b, _ := json.Marshal(l)
			all = append(all, string(b))
		}
	}
	slices.SortFunc(all, cmp.Compare[string])
	return all
}

// many: an id that was given to any number of events has a bound, and says so.
func many(t *testing.T, open func(*testing.T) Opened) {
	s := open(t)
	o := outcome(0, Start)
	for i := range int64(index.MaxFound + 1) {
		o.Outcome.Events = append(o.Outcome.Events, fateOf("a", i, fault.Dropped, fault.Duplicate))
	}
	apply(t, s, o)
	found, err := s.Event("a")
	if err != nil || len(found.Fates) != index.MaxFound || !found.More {
		t.Errorf("%d fates, more: %t, %v", len(found.Fates), found.More, err)
	}
}
