package tracer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// step puts what a sender's event of id x leaves on the topics: the raw event, the signal, and how it ended after that time.
func (m memory) step(source string, trust event.Trust, arrived time.Time, name string, ended time.Duration, fate fault.Fate, reason fault.Reason) {
	raw := event.Raw{ID: []byte("x"), Channel: []byte("crm"), Source: []byte(source), Trust: trust, Time: arrived, Item: []byte("{}")}
	m.add(event.RawRecord(names.Events("crm"), &raw, event.AppendRaw(nil, &raw)))
	s := event.Signal{ID: raw.ID, Source: []byte("/channels/crm/" + source), Trust: trust, Time: arrived, EventName: []byte(name)}
	m.add(s.Record(names.Signals("shop"), []byte(`{}`)))
	o := event.Outcome{BatchID: "b-" + source, Stage: fault.Forwarder, Dataset: "shop", Attempts: 1, StartedAt: arrived, EndedAt: arrived.Add(ended), Events: []event.EventFate{{
		ID: "x", Name: name, Channel: "crm", Source: source, Trust: trust, Fate: fate, Reason: reason,
		Topic: names.Signals("shop"), Offset: int64(len(m[names.Signals("shop")]) - 1),
	}}}
	for _, r := range o.Records(names.Outcomes()) {
		m.add(r)
	}
}

// TestEventsOfOneID: two events with one id are shown apart, each with its own fate, whoever came first; the proven one first.
func TestEventsOfOneID(t *testing.T) {
	m := memory{}
	m.step("page", event.Unproven, at, "Lead", time.Second, fault.Delivered, fault.None)
	m.step("shop", event.Proven, at.Add(time.Minute), "Purchase", time.Second, fault.Dead, fault.Refused)
	m.step("shop", event.Unproven, at.Add(2*time.Minute), "Purchase", time.Second, fault.Dropped, fault.Duplicate)
	m.step("till", "", at.Add(3*time.Minute), "Purchase", time.Second, fault.Delivered, fault.None) // of an earlier version
	unread := event.Outcome{BatchID: "b", Stage: fault.Forwarder, EndedAt: at.Add(time.Hour), Events: []event.EventFate{
		{ID: "x", Fate: fault.Dead, Reason: fault.Undecodable, Topic: names.Signals("shop"), Offset: 2},
	}}
	for _, r := range unread.Records(names.Outcomes()) {
		m.add(r)
	}
	found, _, err := Find(t.Context(), m, names, topics, time.Time{}, "x")
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, f := range found {
		got = append(got, []string{f.Source, f.Trust, f.EventName, f.Fate, f.Reason})
		if want := map[bool]int{true: 4, false: 3}[f.Source == "shop" && f.Trust == "unproven"]; len(f.Stages) != want {
			t.Errorf("%s %s: %d stages, want %d", f.Source, f.Trust, len(f.Stages), want)
		}
	}
	want := [][]string{
		{"shop", "proven", "Purchase", "dead", "refused"},
		{"till", "proven", "Purchase", "delivered", ""},
		{"page", "unproven", "Lead", "delivered", ""},
		{"shop", "unproven", "Purchase", "dead", "undecodable"}, // the record that could not be read lay where its signal lies
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
