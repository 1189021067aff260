package balance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

var began = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

func at(seconds float64) time.Time { return began.Add(time.Duration(seconds * float64(time.Second))) }

// run is a run of four events that ended as they should: one delivered, one dead, one dropped, one never acknowledged.
func run() ([]load.Entry, *Facts) {
	entry := func(id string, end fault.Fate, accepted time.Time) load.Entry {
		return load.Entry{Event: load.Event{ID: id, Sender: "capi", End: end}, Accepted: accepted}
	}
	facts := NewFacts(nil, topic.Names{Prefix: "x."})
	facts.Received = map[string][]time.Time{"good": {at(1)}}
	facts.Letters["bad"] = 1
	for offset, id := range []string{"good", "bad", "denied"} {
		facts.Raw[id] = []Position{{"x.events.website", 0, int64(offset)}}
	}
	facts.Signals["good"] = []Position{{"x.signals.shop", 2, 7}}
	facts.Fates["good"] = []Fate{{Fate: fault.Delivered, Record: facts.Signals["good"][0], Arrived: at(0), Ended: at(1)}}
	facts.Fates["bad"] = []Fate{{Fate: fault.Dead, Reason: fault.MissingField, Record: facts.Raw["bad"][0], Arrived: at(0), Ended: at(2)}}
	facts.Fates["denied"] = []Fate{{Fate: fault.Dropped, Reason: fault.Consent, Record: facts.Raw["denied"][0], Arrived: at(0), Ended: at(2)}}
	return []load.Entry{
		entry("good", fault.Delivered, at(0.1)), entry("bad", fault.Dead, at(0.1)), entry("denied", fault.Dropped, at(0.1)),
		entry("refused", fault.Delivered, time.Time{}),
	}, facts
}

// TestBalanceHolds: what ended as it should is no problem, also if a crash repeated it.
func TestBalanceHolds(t *testing.T) {
	entries, facts := run()
	facts.Fates["good"] = append(facts.Fates["good"], facts.Fates["good"][0], // after a crash
		Fate{Fate: fault.Dropped, Reason: fault.Duplicate, Record: Position{"x.signals.shop", 2, 8}, Arrived: at(0), Ended: at(3)})
	facts.Received["good"] = append(facts.Received["good"], at(2))
	s := Of(entries, facts, nil, true)
	if p := s.Problems(); p != nil {
		t.Error(p)
	}
	if s.Accepted != 3 || s.Delivered != 1 || s.Dead[fault.MissingField] != 1 || s.Dropped[fault.Consent] != 1 || s.Twice != 1 || s.Repeats != 1 {
		t.Errorf("%+v", s)
	}
}

// TestBalanceSees every way in which the promise is broken.
func TestBalanceSees(t *testing.T) {
	for name, c := range map[string]struct {
		breaks func(f *Facts)
		want   string
	}{
		"no fate":              {func(f *Facts) { delete(f.Fates, "good") }, "lost: good"},
		"only ever a repeat":   {func(f *Facts) { f.Fates["good"][0].Fate, f.Fates["good"][0].Reason = fault.Dropped, fault.Duplicate }, "lost: good"},
		"not at Meta":          {func(f *Facts) { delete(f.Received, "good") }, "lost: good"},
		"two fates":            {func(f *Facts) { f.Fates["bad"] = append(f.Fates["bad"], f.Fates["good"]...) }, "bad: it has fates of 2 kinds"},
		"another fate":         {func(f *Facts) { f.Fates["denied"] = f.Fates["good"] }, "denied: made to end dropped, ended delivered"},
		"dead without letter":  {func(f *Facts) { f.Letters["bad"] = 0 }, "bad: 0 letters"},
		"a letter of a live":   {func(f *Facts) { f.Letters["good"] = 1 }, "good: 1 letters"},
		"denied, and sent":     {func(f *Facts) { f.Received["denied"] = []time.Time{at(1)} }, "denied: it ended dropped, and Meta has it"},
		"unpromised and wrong": {func(f *Facts) { f.Fates["refused"] = f.Fates["denied"] }, "refused: made to end delivered"},
	} {
		entries, facts := run()
		c.breaks(facts)
		got := Of(entries, facts, nil, true).Problems()
		if !slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, c.want) }) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestInFlight: before the end what has no fate is no loss.
func TestInFlight(t *testing.T) {
	entries, facts := run()
	delete(facts.Fates, "good")
	s := Of(entries, facts, nil, false)
	if p := s.Problems(); p != nil || s.InFlight != 1 {
		t.Errorf("%d in flight, problems %v", s.InFlight, p)
	}
}

// streamed adds events that Meta received at the given seconds, over one partition of signals.
func streamed(f *Facts, partition int, seconds ...float64) {
	for i, s := range seconds {
		id := string(rune('a'+partition)) + string(rune('a'+i))
		f.Signals[id] = []Position{{"x.signals.shop", partition, int64(i)}}
		f.Fates[id] = []Fate{{Fate: fault.Delivered, Record: f.Signals[id][0], Arrived: at(s - 0.5), Ended: at(s)}}
		f.Received[id] = []time.Time{at(s)}
	}
}

// TestStandstill counts only time in which something waited.
func TestStandstill(t *testing.T) {
	f := NewFacts(nil, topic.Names{Prefix: "x."})
	f.Received = map[string][]time.Time{}
	streamed(f, 0, 1, 2, 3, 60) // nothing waits before the last arrives
	streamed(f, 1, 1, 2)
	f.Fates["bb"][0].Arrived, f.Fates["bb"][0].Ended = at(1), at(9)
	got := Of(nil, f, nil, true).Standstills
	if got["signals.shop/0"] != 500*time.Millisecond || got["signals.shop/1"] != 8*time.Second {
		t.Error(got)
	}
}

// TestRecovery: an incident is over when each partition has delivered again; what another held up is not counted.
func TestRecovery(t *testing.T) {
	f := NewFacts(nil, topic.Names{Prefix: "x."})
	f.Received = map[string][]time.Time{}
	streamed(f, 0, 1, 2, 11, 13, 30)
	streamed(f, 1, 1, 2, 14, 31)
	f.Received["aa"] = append(f.Received["aa"], at(11)) // posted again
	for _, c := range []struct {
		incidents []Incident
		want      Recovery
	}{
		{
			[]Incident{{Name: "kill", At: at(3), Kill: true}},
			Recovery{First: 8 * time.Second, All: 11 * time.Second, Felt: 11 * time.Second, Twice: 1},
		},
		{
			[]Incident{{Name: "kill", At: at(3), Kill: true}, {Name: "Meta", At: at(2.5), Until: at(7)}},
			Recovery{First: 8 * time.Second, All: 11 * time.Second, Felt: 7 * time.Second, Twice: 1},
		},
		{
			[]Incident{{Name: "kill", At: at(3), Kill: true}, {Name: "kill 2", At: at(12), Kill: true}},
			Recovery{First: 8 * time.Second, All: 11 * time.Second, Felt: 2 * time.Second, Twice: 1},
		},
		{[]Incident{{Name: "kill", At: at(30.5), Kill: true}}, Recovery{First: 500 * time.Millisecond, All: -1, Felt: -1}},
		{[]Incident{{Name: "kill", At: at(40), Kill: true}}, Recovery{First: -1, All: -1, Felt: -1}},
	} {
		all := Of(nil, f, c.incidents, true).Recoveries
		i := slices.IndexFunc(all, func(r Recovery) bool { return r.Name == "kill" })
		c.want.Incident = all[i].Incident
		if all[i] != c.want {
			t.Errorf("got  %+v\nwant %+v", all[i], c.want)
		}
	}
}
