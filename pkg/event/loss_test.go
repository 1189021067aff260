package event

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

func someLoss() *Loss {
	return &Loss{
		Stage: fault.Forwarder, Dataset: "shop", NoticedAt: time.Date(2026, 11, 25, 15, 0, 0, 5e6, time.UTC),
		Lost: Lost{
			Group: "omnicapi.forwarder.signals.shop", Topic: "omnicapi.signals.shop", Partition: 3, From: 5, To: 12, Count: 7, Cause: fault.Retention,
		},
	}
}

func TestLossGolden(t *testing.T) {
	want := someLoss()
	rec, err := want.Record("outcomes")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "loss.txt", appendRecord(nil, &rec))
	got, err := DecodeLoss(rec.Value)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	// Who knows nothing of losses reads an outcome of no events.
	o, err := DecodeOutcome(rec.Value)
	if err != nil || o.BatchID != want.ID() || len(o.Events) != 0 {
		t.Errorf("%+v %v", o, err)
	}
	again := *want
	again.NoticedAt = again.NoticedAt.Add(time.Hour)
	if again.ID() != want.ID() {
		t.Error("the same loss has two ids")
	}
}

func TestNoLoss(t *testing.T) {
	if l, err := DecodeLoss(someOutcome(2).Records("outcomes")[0].Value); l != nil || err != nil {
		t.Errorf("an outcome is a loss: %v %v", l, err)
	}
	rec, err := someLoss().Record("outcomes")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"batch_id":"lost-`, `"batch":"`},
		{`"from":5`, `"from":-1`},
		{`"to":12`, `"to":4`},
		{`"count":7`, `"count":-7`},
		{`"count":7`, `"count":"x"`},
		{`"topic":`, `"t":`},
		{`"group":`, `"g":`},
	} {
		l, err := DecodeLoss([]byte(strings.Replace(string(rec.Value), change[0], change[1], 1)))
		if l != nil || fault.Of(err) == nil {
			t.Errorf("%s: %v %v", change[1], l, err)
		}
	}
}

func FuzzDecodeLoss(f *testing.F) {
	rec, err := someLoss().Record("outcomes")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(rec.Value)
	f.Add(someOutcome(1).Records("outcomes")[0].Value)
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := DecodeLoss(data)
		switch {
		case err != nil && fault.Of(err) == nil:
			t.Fatalf("no fault: %v", err)
		case l == nil || l.NoticedAt.Year() < 1 || l.NoticedAt.Year() > 9998:
			return
		}
		rec, err := l.Record("outcomes")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := DecodeLoss(rec.Value); err != nil || again.ID() != l.ID() {
			t.Fatalf("%v: %s", err, rec.Value)
		}
	})
}
