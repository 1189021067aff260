package event

import (
	"bytes"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// TestShorten: first the value goes, then all that the record brought; where it lay and why it failed stay to the last.
func TestShorten(t *testing.T) {
	d, s := someDeath(), fullSignal()
	s.Replays, s.ReplayFor = 0, nil
	rec := s.Record("signals.shop", []byte(`{"event_name":"Purchase"}`))
	rec.Key = bytes.Repeat([]byte("k"), 2000)
	letter := d.Record("deadletters", rec.Key, &rec)
	before := appendRecord(nil, &letter)
	want := *d
	want.Reason, want.Detail, want.Shortened = fault.Oversize, string(d.Reason), true
	short, ok := Shorten(&letter)
	if !ok || short.Value != nil || string(short.Header("ce_id")) != string(s.ID) || string(short.Key) != string(rec.Key) {
		t.Errorf("without its value: %v %s", ok, appendRecord(nil, &short))
	}
	if got := string(short.Header("dlq_value_bytes")); got != "25" {
		t.Errorf("the value's size: %s", got)
	}
	least, ok := Shorten(&short)
	if !ok || least.Header("ce_id") != nil || least.Header("dlq_key") != nil || string(least.Key) != "signals.shop-3-42" {
		t.Errorf("without headers: %v %s", ok, appendRecord(nil, &least))
	}
	var got DeadLetter
	for name, l := range map[string]*record.Record{"without its value": &short, "without headers": &least} {
		if err := got.Decode(l); err != nil || got != want {
			t.Errorf("%s: %v %+v, want %+v", name, err, got, want)
		}
		if n := bytes.Count(appendRecord(nil, l), []byte("dlq_reason")); n != 1 {
			t.Errorf("%s: %d reasons", name, n)
		}
	}
	if _, ok := Shorten(&least); ok {
		t.Error("nothing can be left out twice")
	}
	if after := appendRecord(nil, &letter); !bytes.Equal(before, after) {
		t.Error("the letter was changed")
	}
}

// TestOutcomeOfGiants: what a stranger's record says of itself, however large, leaves an outcome that a topic holds.
func TestOutcomeOfGiants(t *testing.T) {
	giant := strings.Repeat("\x01", 1<<20)
	o := Outcome{BatchID: "b", Stage: fault.Normalizer, Events: []EventFate{
		{ID: giant, Name: giant, Channel: giant, Source: giant, Currency: giant, Fate: fault.Dead, Reason: fault.Undecodable},
		{ID: "small", Fate: fault.Dead, Reason: fault.Undecodable},
	}}
	for _, r := range o.Records("outcomes") {
		if _, err := DecodeOutcome(r.Value); err != nil || len(r.Value) > maxOutcome {
			t.Errorf("%d bytes, %v", len(r.Value), err)
		}
	}
}
