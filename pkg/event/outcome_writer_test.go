package event

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// TestWriterProperty holds what the writers make of signals, with all that they remember from one event and one outcome to
// the next, against an Outcome of EventFates.
func TestWriterProperty(t *testing.T) {
	names := rapid.SampledFrom([]string{"Purchase", "Lead", `"quoted"`, ""})
	sources := rapid.SampledFrom([]string{"/channels/website/web", "/channels/store/pos-7", "nonsense", ""})
	values := rapid.SampledFrom([]string{"9.50", "", "1e3", "-0", "01", "1.", "x", `1,"a":2`})
	endings := rapid.SampledFrom([]Ending{
		{Fate: fault.Delivered}, {Fate: fault.Dead, Reason: fault.Expired}, {Fate: fault.Dead, Reason: fault.Refused, Detail: "100/2804009"},
	})
	arrival := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
			return time.Time{}
		}
		return time.UnixMilli(1_795_426_200_000 + rapid.Int64Range(0, 3000).Draw(t, "ms")).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		var facts FactWriter
		var w OutcomeWriter
		for range rapid.IntRange(1, 3).Draw(t, "outcomes") {
			want := someOutcome(0)
			w.Begin(want)
			for i := range rapid.IntRange(0, 8).Draw(t, "events") {
				s := Signal{
					ID: []byte(rapid.SampledFrom([]string{"a", "ä\n", ""}).Draw(t, "id")), EventName: []byte(names.Draw(t, "name")),
					Source: []byte(sources.Draw(t, "source")), Value: []byte(values.Draw(t, "value")),
					Currency: []byte(rapid.SampledFrom([]string{"EUR", ""}).Draw(t, "currency")), Time: arrival.Draw(t, "arrival"),
					Trust: rapid.SampledFrom(Trusts).Draw(t, "trust"),
				}
				r := record.Record{
					Topic: rapid.SampledFrom([]string{"signals.a", "signals.b"}).Draw(t, "topic"), Key: []byte("key"),
					Partition: rapid.IntRange(0, 1).Draw(t, "partition"), Offset: int64(i),
				}
				e := endings.Draw(t, "ending")
				w.Add(facts.Append(nil, &s, &r), &e)
				f := EventFate{
					ID: string(s.ID), Name: string(s.EventName), Trust: s.Trust, Value: json.Number(s.Value), Currency: string(s.Currency),
					Fate: e.Fate, Reason: e.Reason, Detail: e.Detail, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, ArrivedAt: s.Time,
				}
				if f.ID == "" {
					f.ID = "key"
				}
				channel, source, _ := SplitSource(s.Source)
				f.Channel, f.Source = string(channel), string(source)
				if !isNumber(f.Value) {
					f.Value = ""
				}
				want.Events = append(want.Events, f)
			}
			recs := w.AppendRecords(nil, "outcomes")
			if diff := cmp.Diff(want.Records("outcomes"), recs); diff != "" {
				t.Fatal(diff)
			}
			if len(recs) == 0 {
				continue
			}
			if got, err := DecodeOutcome(recs[0].Value); err != nil || !cmp.Equal(want, got) {
				t.Fatalf("%v %s", err, cmp.Diff(want, got))
			}
		}
	})
}

// TestIsNumberProperty: what is taken for a number is one to any JSON reader.
func TestIsNumberProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.StringMatching(`[-+.eE019x ]{0,8}`).Draw(t, "n")
		want := jsonscan.Check([]byte(n), jsonscan.Limits{}) == nil && n == string(jsonscan.Trim([]byte(n)))
		if got := isNumber(n); got != want {
			t.Fatalf("%q: %v, want %v", n, got, want)
		}
	})
}

func TestWritersAllocateNothing(t *testing.T) {
	s := fullSignal()
	r := s.Record("signals.shop", []byte(`{}`))
	o, e := someOutcome(0), &Ending{Fate: fault.Delivered}
	var w OutcomeWriter
	var facts FactWriter
	var b []byte
	recs := make([]record.Record, 0, 4)
	n := testing.AllocsPerRun(100, func() {
		w.Begin(o)
		for range 100 {
			b = facts.Append(b[:0], s, &r)
			w.Add(b, e)
		}
		recs = w.AppendRecords(recs[:0], "outcomes")
	})
	if n > 2 { // the key, and the outcome that Begin copies
		t.Errorf("%v allocations for an outcome of 100 events", n)
	}
}

// BenchmarkOutcomeWriter is what the forwarder does for a batch; BenchmarkOutcomeRecords is its reference.
func BenchmarkOutcomeWriter(b *testing.B) {
	s := fullSignal()
	r := s.Record("signals.shop", []byte(`{}`))
	o, e := someOutcome(0), &Ending{Fate: fault.Delivered}
	var w OutcomeWriter
	var facts FactWriter
	var scratch []byte
	var recs []record.Record
	b.ReportAllocs()
	for b.Loop() {
		w.Begin(o)
		for i := range 1000 {
			r.Offset = int64(i)
			scratch = facts.Append(scratch[:0], s, &r)
			w.Add(scratch, e)
		}
		recs = w.AppendRecords(recs[:0], "outcomes")
	}
}
