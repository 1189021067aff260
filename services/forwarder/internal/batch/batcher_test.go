package batch

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

var t0 = time.Unix(1_790_000_000, 0)

func eventOf(id, size int, deadline, apartAt time.Time) Event {
	e := Event{Deadline: At(deadline)}
	if !apartAt.IsZero() {
		e.OldStoreRowAt = At(apartAt)
	}
	value := []byte(`{"n":` + strconv.Itoa(id) + `,"p":"`)
	for len(value) < size-2 {
		value = append(value, 'x')
	}
	value = append(value, `"}`...)
	e.Record = &stream.Record{Offset: int64(id), Value: value}
	return e
}

// TestBatcherProperties adds any events in any order and closes batches in any way: every event is in exactly one batch,
// no batch passes a limit, mixes parameters or puts old store rows beside others.
func TestBatcherProperties(t *testing.T) {
	params := []string{"", `{"partner_agent":"a"}`, `{"test_event_code":"T1"}`, `{"upload_tag":"x","access_token":"s"}`}
	rapid.Check(t, func(t *rapid.T) {
		limits := Limits{
			Events: rapid.IntRange(1, 12).Draw(t, "events"),
			Bytes:  rapid.IntRange(300, 1200).Draw(t, "bytes"),
			Linger: time.Second,
		}
		maxOpen := rapid.IntRange(1, 5).Draw(t, "maxOpen")
		b := NewBatcher(limits, rapid.SampledFrom([]string{"", "TEST1"}).Draw(t, "code"))
		now := t0
		paramsOf := map[int64]string{}
		apartOf := map[int64]bool{}
		seen := map[int64]bool{}
		check := func(o *Batch) {
			if o == nil {
				return
			}
			if len(o.Events) == 0 || len(o.Events) > limits.Events {
				t.Fatalf("%d events in a batch of at most %d", len(o.Events), limits.Events)
			}
			body := o.AppendBody(nil)
			if o.Size() > limits.Bytes || len(body) > o.Size() {
				t.Fatalf("body of %d bytes, reckoned %d, limit %d", len(body), o.Size(), limits.Bytes)
			}
			if !json.Valid(body) || bytes.Contains(body, []byte("access_token")) {
				t.Fatalf("bad body %s", body)
			}
			for _, e := range o.Events {
				if seen[e.Record.Offset] {
					t.Fatalf("event %d is in two batches", e.Record.Offset)
				}
				seen[e.Record.Offset] = true
				first := o.Events[0].Record.Offset
				if paramsOf[e.Record.Offset] != paramsOf[first] || apartOf[e.Record.Offset] != apartOf[first] {
					t.Fatalf("a batch mixes kinds")
				}
			}
		}
		n := rapid.IntRange(1, 120).Draw(t, "n")
		added := 0
		for id := range n {
			var apartAt time.Time
			if rapid.Bool().Draw(t, "store") {
				apartAt = t0.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "age")) * time.Hour)
			}
			e := eventOf(id, rapid.IntRange(20, 1300).Draw(t, "size"), t0.Add(time.Hour), apartAt)
			p := rapid.SampledFrom(params).Draw(t, "params")
			paramsOf[int64(id)], apartOf[int64(id)] = p, e.OldStoreRow(now)
			for {
				full, r, err := b.Add(&e, []byte(p), now, b.Open() < maxOpen)
				check(full)
				if err != nil {
					t.Fatal(err)
				}
				if b.Open() > maxOpen {
					t.Fatalf("%d batches are open", b.Open())
				}
				if r == NoRoom {
					check(b.CloseOldest())
					continue
				}
				if r == Oversize && len(e.Record.Value) < limits.Bytes-Frame-100 {
					t.Fatalf("%d bytes are said not to fit %d", len(e.Record.Value), limits.Bytes)
				}
				if r == Added {
					added++
				}
				break
			}
			if rapid.IntRange(0, 9).Draw(t, "tick") == 0 {
				now = now.Add(400 * time.Millisecond)
				check(b.CloseDue(now))
			}
		}
		for b.Open() > 0 {
			check(b.CloseOldest())
		}
		if len(seen) != added {
			t.Fatalf("%d events added, %d found in batches", added, len(seen))
		}
	})
}

func TestBatcherTimes(t *testing.T) {
	b := NewBatcher(Limits{Events: 10, Bytes: 10000, Linger: time.Second}, "")
	if _, ok := b.NextDue(); ok || b.CloseDue(t0.Add(time.Hour)) != nil || b.CloseOldest() != nil {
		t.Fatal("an empty batcher has a batch")
	}
	add := func(e Event, params string, at time.Time) {
		t.Helper()
		if full, r, err := b.Add(&e, []byte(params), at, true); full != nil || r != Added || err != nil {
			t.Fatalf("adding: %v %v %v", full, r, err)
		}
	}
	add(eventOf(1, 50, t0.Add(9*time.Second), time.Time{}), "", t0)
	add(eventOf(2, 50, t0.Add(5*time.Second), time.Time{}), "", t0.Add(100*time.Millisecond))
	add(eventOf(3, 50, t0.Add(7*time.Second), time.Time{}), `{"upload_tag":"x"}`, t0.Add(200*time.Millisecond))
	if at, ok := b.NextDue(); !ok || !at.Equal(t0.Add(time.Second)) {
		t.Errorf("next due %v %v", at, ok)
	}
	if at, ok := b.NextDeadline(); !ok || !at.Equal(t0.Add(5*time.Second)) {
		t.Errorf("next deadline %v %v", at, ok)
	}
	if b.CloseDue(t0.Add(999*time.Millisecond)) != nil {
		t.Error("closed before its linger")
	}
	if o := b.CloseExpiring(t0.Add(5 * time.Second)); o == nil || len(o.Events) != 2 {
		t.Errorf("expiring: %v", o)
	}
	if o := b.CloseExpiring(t0.Add(5 * time.Second)); o != nil {
		t.Errorf("expiring too early: %v", o)
	}
	if o := b.CloseDue(t0.Add(1200 * time.Millisecond)); o == nil || o.Events[0].Record.Offset != 3 {
		t.Errorf("due: %v", o)
	}
}

func TestParseParams(t *testing.T) {
	for _, c := range []struct{ name, raw, code, want string }{
		{"none", "", "", ""},
		{"only the code", "", "TEST9", `,"test_event_code":"TEST9"`},
		{"sender's code wins", `{"test_event_code":"MINE"}`, "TEST9", `,"test_event_code":"MINE"`},
		{"an empty code does not count", `{"test_event_code":""}`, "TEST9", `,"test_event_code":"TEST9"`},
		{"members as they are", ` { "partner_agent" : "a\u0041" , "platforms":[{"name":"x"}] } `, "", `,"partner_agent":"a\u0041","platforms":[{"name":"x"}]`},
		{"no credentials, no data", `{"access_token":"t","data":[],"appsecret_proof":"p","trace":1}`, "", `,"trace":1`},
		{"no escaped credentials", `{"access\u005ftoken":"t","d\u0061ta":1,"trace":1}`, "", `,"trace":1`},
	} {
		got, err := ParseParams([]byte(c.raw), c.code)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v, want %s", c.name, got, err, c.want)
		}
	}
	for _, raw := range []string{`[]`, `{`, `{"a":}`, `1`, `{} {}`} {
		if _, err := ParseParams([]byte(raw), ""); fault.Of(err) == nil {
			t.Errorf("%s: %v, want a fault", raw, err)
		}
	}
}

// FuzzParseParams holds any header to: a fault, or members that make a valid body without credentials.
func FuzzParseParams(f *testing.F) {
	f.Add([]byte(`{"partner_agent":"a"}`), "T")
	f.Add([]byte(`{"access\u005ftoken":"t"}`), "")
	f.Fuzz(func(t *testing.T, raw []byte, code string) {
		members, err := ParseParams(raw, code)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("%v is no fault", err)
			}
			return
		}
		r := Request{Params: members}
		body := r.AppendBody(nil)
		var top map[string]json.RawMessage
		if err := json.Unmarshal(body, &top); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if _, ok := top["access_token"]; ok {
			t.Fatalf("%q carries a token", body)
		}
		if string(top["data"]) != "[]" {
			t.Fatalf("%q: data is replaced", body)
		}
	})
}
