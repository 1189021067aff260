package index

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

func sample(events int) *event.Outcome {
	at := time.Date(2026, 11, 25, 12, 0, 0, 123456789, time.UTC)
	o := &event.Outcome{BatchID: event.NewBatchID(), Stage: fault.Forwarder, Dataset: "shop", FBTraceID: "AbCdEfGhIj", Attempts: 1, StartedAt: at, EndedAt: at.Add(time.Second)}
	for i := range events {
		o.Events = append(o.Events, event.EventFate{
			ID: "order-" + event.NewBatchID(), Name: "Purchase", Channel: "website", Source: "shop", Trust: event.Proven, Value: "12.50", Currency: "EUR",
			Fate: fault.Delivered, Topic: "omnicapi.signals.shop", Partition: 3, Offset: int64(1_000_000 + i), ArrivedAt: at.Truncate(time.Millisecond).Add(time.Duration(i) * time.Millisecond),
		})
	}
	return o
}

// TestEncoding: an outcome is read as it was, whatever it holds, whole or one event of it.
func TestEncoding(t *testing.T) {
	t.Parallel()
	odd := sample(3)
	odd.BatchID, odd.Attempts, odd.StartedAt = "ABCDEF0123456789abcdef0123456789", -1, time.Time{}
	odd.Events[1] = event.EventFate{}
	odd.Events[2].Trust, odd.Events[2].Offset, odd.Events[2].Partition, odd.Events[2].ArrivedAt = event.Unproven, -5, -1, odd.EndedAt
	odd.Events[0].Name = "a\x00\xffb"
	for name, o := range map[string]*event.Outcome{"usual": sample(1000), "none": sample(0), "odd": odd} {
		b := AppendOutcome(nil, o)
		got, err := DecodeOutcome(b, AllEvents)
		if diff := cmp.Diff(o, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
		for i := range o.Events[:min(len(o.Events), 3)] {
			got, err := DecodeOutcome(b, i)
			if err != nil || len(got.Events) != 1 || got.Events[0] != o.Events[i] {
				t.Errorf("%s: event %d: %+v, %v", name, i, got, err)
			}
		}
		if _, err := DecodeOutcome(b, len(o.Events)); err == nil {
			t.Errorf("%s: it has an event too many", name)
		}
		for n := range min(len(b), 300) {
			if _, err := DecodeOutcome(b[:n], AllEvents); err == nil {
				t.Errorf("%s: %d of %d bytes are an outcome", name, n, len(b))
			}
		}
		if n := len(o.Events); n == 1000 && len(b)/n > 75 {
			t.Errorf("an event takes %d bytes", len(b)/n)
		}
	}
}

func FuzzDecodeOutcome(f *testing.F) {
	f.Add(AppendOutcome(nil, sample(2)), 1)
	f.Add(AppendOutcome(nil, sample(0)), AllEvents)
	f.Fuzz(func(t *testing.T, b []byte, only int) {
		o, err := DecodeOutcome(b, only)
		if err != nil || only != AllEvents {
			return
		}
		again, err := DecodeOutcome(AppendOutcome(nil, o), AllEvents)
		if diff := cmp.Diff(o, again, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func FuzzDecodeLetter(f *testing.F) {
	f.Add(AppendLetter(nil, &Letter{EventID: "a", DeadLetter: event.DeadLetter{Reason: fault.Expired, FailedAt: time.Now()}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := DecodeLetter(b)
		if err != nil {
			return
		}
		again, err := DecodeLetter(AppendLetter(nil, l))
		if diff := cmp.Diff(l, again); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"12.5": "12.50", "-12.5": "-12.50", "0": "0.00", "-0.000001": "-0.000001", "7.1234567": "7.123456", "": "0.00", "1e400": "0.00", "x": "0.00",
		"9223372036853": "9223372036853.00", "-9223372036853.999999": "-9223372036853.999999", "9223372036854775807": "0.00",
	} {
		a := AmountOf(text)
		back, rest, ok := ReadAmount(a.Append(nil))
		if a.String() != want || !ok || len(rest) > 0 || back != a {
			t.Errorf("%q is %s, encoded %s, want %s", text, a, back, want)
		}
	}
	most := AmountOf("9223372036853.999999")
	var all Amount
	for range 1000 {
		all = all.Plus(most)
	}
	if got := all.String(); got != "9223372036853999.999" {
		t.Errorf("a thousand of the largest are %s", got)
	}
	for range 1001 {
		all = all.Minus(most)
	}
	if got := all.String(); got != "-9223372036853.999999" {
		t.Errorf("less than nothing is %s", got)
	}
}

func BenchmarkEncode(b *testing.B) {
	o := sample(1000)
	text, _ := json.Marshal(o)
	for b.Loop() {
		_ = AppendOutcome(nil, o)
	}
	b.ReportMetric(float64(len(AppendOutcome(nil, o)))/1000, "B/event")
	b.ReportMetric(float64(len(text))/1000, "JSON-B/event")
}
