package event

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

func someOutcome(n int) *Outcome {
	o := &Outcome{
		BatchID: "0af7651916cd43dd8448eb211c80319c", Stage: fault.Forwarder, Dataset: "shop", FBTraceID: "Ap15", Attempts: 1,
		StartedAt: time.Date(2026, 11, 25, 15, 0, 0, 5e6, time.UTC), EndedAt: time.Date(2026, 11, 25, 15, 0, 1, 0, time.UTC),
	}
	for i := range n {
		o.Events = append(o.Events, EventFate{
			ID: fmt.Sprintf("e-%d-%s", i, strings.Repeat("x\"", i%50)), Name: "Purchase", Channel: "website", Source: "shop-eu", Trust: Unproven,
			Value: "59.90", Currency: "USD", Fate: fault.Delivered, Topic: "signals.shop", Partition: i % 3, Offset: int64(i),
			ArrivedAt: time.Date(2026, 11, 25, 14, 59, 0, 0, time.UTC),
		})
	}
	return o
}

func TestOutcomeGolden(t *testing.T) {
	o := someOutcome(1)
	o.Events = append(o.Events, EventFate{ID: "e-2", Fate: fault.Dead, Reason: fault.MissingField, Detail: "custom_data.value"})
	recs := o.Records("outcomes")
	if len(recs) != 1 {
		t.Fatalf("%d records", len(recs))
	}
	golden(t, "outcome.txt", appendRecord(nil, &recs[0]))
	std, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	got, err1 := DecodeOutcome(recs[0].Value)
	want, err2 := DecodeOutcome(std)
	if diff := cmp.Diff(want, got); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("not as encoding/json writes it: %v %v %s", err1, err2, diff)
	}
}

func TestOutcomeSplits(t *testing.T) {
	want := someOutcome(5000)
	recs := want.Records("outcomes")
	if len(recs) < 2 {
		t.Fatalf("%d records", len(recs))
	}
	got := &Outcome{}
	total := 0
	for i := range recs {
		if len(recs[i].Value) > 500_000 || string(recs[i].Key) != want.BatchID {
			t.Errorf("record %d: %d bytes, key %s", i, len(recs[i].Value), recs[i].Key)
		}
		total += len(recs[i].Value)
		o, err := DecodeOutcome(recs[i].Value)
		if err != nil {
			t.Fatal(err)
		}
		events := append(got.Events, o.Events...)
		got = o
		got.Events = events
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if least := total / 500_000; len(recs) > least+1 {
		t.Errorf("%d records for %d bytes", len(recs), total)
	}
	if recs := (&Outcome{BatchID: "b"}).Records("outcomes"); recs != nil {
		t.Errorf("%d records of no events", len(recs))
	}
}

func TestOutcomeBadValue(t *testing.T) {
	o := someOutcome(1)
	o.Events[0].Value = `1,"x":2`
	if got, err := DecodeOutcome(o.Records("outcomes")[0].Value); err != nil || got.Events[0].Value != "" {
		t.Errorf("%v %v", got, err)
	}
}

func TestNewBatchID(t *testing.T) {
	a, b := NewBatchID(), NewBatchID()
	if len(a) != 32 || a == b {
		t.Errorf("%s %s", a, b)
	}
}

func FuzzDecodeOutcome(f *testing.F) {
	f.Add(someOutcome(3).Records("outcomes")[0].Value)
	f.Add([]byte(`{"batch_id":"b","events":[{"value":1e400}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := DecodeOutcome(data)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		for _, rec := range o.Records("outcomes") {
			if _, err := DecodeOutcome(rec.Value); err != nil && o.StartedAt.Year() > 0 && o.StartedAt.Year() < 9999 && o.EndedAt.Year() > 0 && o.EndedAt.Year() < 9999 {
				t.Fatalf("%v: %s", err, rec.Value)
			}
		}
	})
}

func BenchmarkOutcomeRecords(b *testing.B) {
	o := someOutcome(1000)
	b.Run("event", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			o.Records("outcomes")
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(o); err != nil {
				b.Fatal(err)
			}
		}
	})
}
