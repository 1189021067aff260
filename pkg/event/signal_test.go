package event

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

func fullSignal() *Signal {
	return &Signal{
		ID: []byte("e-1"), Source: []byte("/channels/website/shop-eu"), Time: time.Date(2026, 11, 25, 14, 30, 0, 123e6, time.UTC),
		EventTime: 1795426200, EventName: []byte("Purchase"), ActionSource: []byte("website"), Value: []byte("59.90"),
		Currency: []byte("USD"), Trust: Unproven, Params: []byte(`{"test_event_code":"TEST123"}`),
		TraceParent: []byte("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), Replays: 2, ReplayFor: []byte("forwarder"),
	}
}

// appendRecord prints a record for a golden file.
func appendRecord(b []byte, r *record.Record) []byte {
	b = fmt.Appendf(b, "topic %s\nkey %s\ntime %s\n", r.Topic, r.Key, r.Time.Format(time.RFC3339Nano))
	for _, h := range r.Headers {
		b = fmt.Appendf(b, "%s: %s\n", h.Key, h.Value)
	}
	return fmt.Appendf(b, "\n%s\n", r.Value)
}

func TestSignalGolden(t *testing.T) {
	rec := fullSignal().Record("signals.shop", []byte(`{"event_name":"Purchase"}`))
	golden(t, "signal_full.txt", appendRecord(nil, &rec))
	s := &Signal{ID: []byte("e-2"), Source: []byte("/channels/crm/hub"), Time: time.Unix(1795426200, 0).UTC(), EventTime: 1795426100, EventName: []byte("Lead")}
	rec = s.Record("signals.shop", []byte(`{}`))
	golden(t, "signal_minimal.txt", appendRecord(nil, &rec))
}

func TestSignalRecordKeepsNothing(t *testing.T) {
	s := fullSignal()
	rec := s.Record("signals.shop", []byte(`{}`))
	for _, b := range [][]byte{s.ID, s.Source, s.EventName, s.Params, s.Value} {
		clear(b)
	}
	var got Signal
	if err := got.Decode(&rec); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fullSignal(), &got); diff != "" || !bytes.Equal(rec.Key, got.ID) {
		t.Errorf("the record shares memory with the signal: %s", diff)
	}
}

func TestSignalRoundTripProperty(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) []byte { return []byte(rapid.StringN(1, 40, 256).Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) {
		want := Signal{
			ID: text.Draw(t, "id"), Source: []byte("/channels/app/" + rapid.StringMatching(`[a-z0-9-]{1,20}`).Draw(t, "source")),
			Time:      time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC(),
			EventTime: rapid.Int64Range(-1e10, 1e12).Draw(t, "event time"), EventName: text.Draw(t, "name"),
			ActionSource: text.Draw(t, "action source"), Value: text.Draw(t, "value"), Currency: text.Draw(t, "currency"),
			TraceParent: text.Draw(t, "traceparent"), Replays: rapid.IntRange(0, 1000).Draw(t, "replays"),
			ReplayFor: text.Draw(t, "stage"), Trust: rapid.SampledFrom(Trusts).Draw(t, "trust"),
		}
		rec := want.Record("signals.shop", []byte(`{}`))
		rec.Headers = rapid.Permutation(rec.Headers).Draw(t, "order")
		var got Signal
		if err := got.Decode(&rec); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestSignalDecodeRefuses(t *testing.T) {
	tests := []struct{ header, value, want string }{
		{"ce_specversion", "0.3", "unsupported_version: ce_specversion"},
		{"ce_type", "omnicapi.signal.v2", "unsupported_version: ce_type"},
		{"ce_id", "", "undecodable: ce_id"},
		{"ce_source", "/channels/x", "undecodable: ce_source"},
		{"ce_time", "yesterday", "undecodable: ce_time"},
		{"ce_eventtime", "1.5", "undecodable: ce_eventtime"},
		{"ce_eventtime", "-", "undecodable: ce_eventtime"},
		{"ce_eventtime", "9999999999999999999", "undecodable: ce_eventtime"},
		{"ce_eventname", "", "undecodable: ce_eventname"},
		{"ce_params", "[]", "undecodable: ce_params"},
		{"ce_params", `{"a":1,"a":2}`, "undecodable: ce_params"},
	}
	for _, tt := range tests {
		rec := fullSignal().Record("signals.shop", []byte(`{}`))
		for i := range rec.Headers {
			if rec.Headers[i].Key == tt.header {
				rec.Headers[i].Value = []byte(tt.value)
			}
		}
		var s Signal
		if f := fault.Of(s.Decode(&rec)); f == nil || f.Error() != tt.want {
			t.Errorf("%s=%q: %v, want %s", tt.header, tt.value, f, tt.want)
		}
	}
	rec := fullSignal().Record("signals.shop", []byte(`null`))
	var s Signal
	if f := fault.Of(s.Decode(&rec)); f == nil || f.Error() != "undecodable: value" {
		t.Errorf("value null: %v", f)
	}
}

func TestSignalAllocates(t *testing.T) {
	s, body := fullSignal(), []byte(`{}`)
	rec := s.Record("signals.shop", body)
	var got Signal
	if n := testing.AllocsPerRun(100, func() {
		if err := got.Decode(&rec); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("Decode: %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { rec = s.Record("signals.shop", body) }); n > 2 {
		t.Errorf("Record: %v allocations, want the headers and their bytes", n)
	}
}

func TestSplitSource(t *testing.T) {
	channel, name, ok := SplitSource(AppendSource(nil, []byte("store"), []byte("pos-7")))
	if string(channel) != "store" || string(name) != "pos-7" || !ok {
		t.Errorf("SplitSource: %s %s %v", channel, name, ok)
	}
	for _, bad := range []string{"", "/channels/", "/channels/store", "/channels//pos", "/channels/store/", "store/pos"} {
		if _, _, ok := SplitSource([]byte(bad)); ok {
			t.Errorf("SplitSource takes %q", bad)
		}
	}
}

func FuzzSignalDecode(f *testing.F) {
	f.Add("1.0", "omnicapi.signal.v1", "e-1", "/channels/app/x", "2026-11-25T14:30:00.123Z", "1795426200", "Lead", `{"a":1}`, "1")
	f.Add("", "", "", "", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, version, kind, id, source, when, eventTime, name, params, replays string) {
		rec := record.Record{Value: []byte(`{}`)}
		for i, v := range []string{version, kind, id, source, when, eventTime, name, params, replays} {
			key := []string{"ce_specversion", "ce_type", "ce_id", "ce_source", "ce_time", "ce_eventtime", "ce_eventname", "ce_params", "dlq_replays"}[i]
			rec.Headers = append(rec.Headers, record.Header{Key: key, Value: []byte(v)})
		}
		var s, again Signal
		if err := s.Decode(&rec); err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		rec = s.Record("t", rec.Value)
		if err := again.Decode(&rec); err != nil {
			t.Fatal(err)
		}
		s.Time = s.Time.Truncate(time.Millisecond)
		if diff := cmp.Diff(s, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkSignal(b *testing.B) {
	s, body := fullSignal(), []byte(`{}`)
	b.Run("Record", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Record("signals.shop", body)
		}
	})
	b.Run("Decode", func(b *testing.B) {
		b.ReportAllocs()
		rec := s.Record("signals.shop", body)
		var got Signal
		for b.Loop() {
			if err := got.Decode(&rec); err != nil {
				b.Fatal(err)
			}
		}
	})
}
