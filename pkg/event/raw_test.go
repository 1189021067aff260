package event

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/record"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

func fullRaw() *Raw {
	return &Raw{
		ID: []byte("e-1"), Channel: []byte("website"), Source: []byte("shop-eu"), Key: []byte("9f86d081"),
		Time:        time.Date(2026, 11, 25, 14, 30, 0, 123e6, time.UTC),
		Format:      []byte("meta.openbridge"),
		Trust:       Unproven,
		TraceParent: []byte("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
		URL:         []byte("/v1/website/openbridge/events?x=\"1\""), Headers: []byte(`{"user-agent":"Mozilla/5.0"}`),
		IP: []byte("203.0.113.24"), SentAt: []byte("2026-11-25T14:29:59Z"), Context: []byte(`{"anonymousId":"a"}`),
		Item: []byte(`{"event_name":"Purchase","text":"žluť \u00e9"}`),
	}
}

func minimalRaw() *Raw {
	return &Raw{
		ID: []byte("e-2"), Channel: []byte("crm"), Source: []byte("hub"), Time: time.Unix(1795426200, 0).UTC(),
		Item: []byte(`"a;b;c"`),
	}
}

func TestAppendRawGolden(t *testing.T) {
	golden(t, "raw_full.json", AppendRaw(nil, fullRaw()))
	golden(t, "raw_minimal.json", AppendRaw(nil, minimalRaw()))
}

func diffRaw(want, got *Raw) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(Raw{}), cmpopts.EquateEmpty())
}

func TestRawRoundTrip(t *testing.T) {
	var got Raw
	for _, want := range []*Raw{fullRaw(), minimalRaw(), fullRaw()} {
		if err := got.Decode(AppendRaw(nil, want)); err != nil {
			t.Fatal(err)
		}
		if want.Trust == "" {
			want.Trust = Proven // as versions before it were treated
		}
		if diff := diffRaw(want, &got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRawRoundTripProperty(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) []byte { return []byte(rapid.StringN(1, 40, 200).Draw(t, "text")) })
	name := rapid.Custom(func(t *rapid.T) []byte { return []byte(rapid.StringMatching(`[a-z0-9-]{1,20}`).Draw(t, "name")) })
	object := rapid.Custom(func(t *rapid.T) []byte {
		b, err := json.Marshal(rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "object"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	})
	var got Raw
	rapid.Check(t, func(t *rapid.T) {
		want := &Raw{
			ID: text.Draw(t, "id"), Channel: name.Draw(t, "channel"), Source: name.Draw(t, "source"), Key: text.Draw(t, "key"),
			Time:   time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC(),
			Format: name.Draw(t, "format"), Trust: rapid.SampledFrom(Trusts).Draw(t, "trust"), TraceParent: name.Draw(t, "traceparent"), URL: text.Draw(t, "url"),
			Headers: object.Draw(t, "headers"), IP: text.Draw(t, "ip"), SentAt: text.Draw(t, "sent_at"),
			Context: object.Draw(t, "context"), Item: object.Draw(t, "item"),
		}
		enc := AppendRaw(nil, want)
		if !json.Valid(enc) {
			t.Fatalf("no JSON: %s", enc)
		}
		if err := got.Decode(enc); err != nil {
			t.Fatalf("%v: %s", err, enc)
		}
		if diff := diffRaw(want, &got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestRawDecodeForeign reads an envelope as another producer may write it: other order, white space, unknown members,
// another time format.
func TestRawDecodeForeign(t *testing.T) {
	var r Raw
	err := r.Decode([]byte(` { "data" : { "item" : [1, {"a":2}], "later": {}, "request" : { "new":[], "ip":"203.0.113.9",
		"headers":null, "context":null, "sent_at": 5 } },
		"ext":"x", "time":"2026-11-25T15:30:00+01:00", "source":"/channels/store/pos", "type":"omnicapi.raw.v1", "id":"\u0061b",
		"specversion":"1.0" } `))
	if err != nil {
		t.Fatal(err)
	}
	want := &Raw{
		ID: []byte("ab"), Channel: []byte("store"), Source: []byte("pos"), Time: time.Date(2026, 11, 25, 14, 30, 0, 0, time.UTC),
		IP: []byte("203.0.113.9"), Item: []byte(`[1, {"a":2}]`), Trust: Proven,
	}
	if diff := diffRaw(want, &r); diff != "" {
		t.Error(diff)
	}
}

func TestRawDecodeRefuses(t *testing.T) {
	good := string(AppendRaw(nil, minimalRaw()))
	change := func(old, new string) string {
		changed := bytes.Replace([]byte(good), []byte(old), []byte(new), 1)
		if string(changed) == good {
			t.Fatalf("%q is not in the envelope", old)
		}
		return string(changed)
	}
	tests := []struct{ name, in, want string }{
		{"empty", ``, "undecodable: envelope"},
		{"cut off", good[:len(good)-1], "undecodable: envelope"},
		{"duplicate key", change(`{"spec`, `{"id":"x","spec`), "undecodable: envelope"},
		{"array", `[]`, "undecodable: envelope"},
		{"no version", change(`"specversion":"1.0",`, ``), "unsupported_version: specversion"},
		{"other version", change(`1.0`, `2.0`), "unsupported_version: specversion"},
		{"other type", change(`raw.v1`, `raw.v2`), "unsupported_version: type"},
		{"no id", change(`"e-2"`, `""`), "undecodable: id"},
		{"number id", change(`"e-2"`, `2`), "undecodable: id"},
		{"source without name", change(`/crm/hub`, `/crm`), "undecodable: source"},
		{"foreign source", change(`/channels/`, `/chan/`), "undecodable: source"},
		{"bad time", change(`2026-`, `2026/`), "undecodable: time"},
		{"impossible day", change(`2026-11-23`, `2026-02-30`), "undecodable: time"},
		{"no data", change(`"data":{`, `"other":{`), "undecodable: data"},
		{"no item", change(`"item"`, `"article"`), "undecodable: data.item"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r Raw
			err := r.Decode([]byte(tt.in))
			if f := fault.Of(err); f == nil || f.Error() != tt.want {
				t.Errorf("Decode: %v, want %s", err, tt.want)
			}
		})
	}
}

func TestRawRecord(t *testing.T) {
	r := fullRaw()
	got := RawRecord("events.website", r, []byte("value"))
	want := record.Record{
		Topic: "events.website", Key: []byte("9f86d081"), Value: []byte("value"), Time: r.Time,
		Headers: []record.Header{
			{Key: "content-type", Value: []byte("application/cloudevents+json")},
			{Key: "traceparent", Value: r.TraceParent},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRawAllocatesNothing(t *testing.T) {
	r := fullRaw()
	enc := AppendRaw(nil, r)
	dst := make([]byte, 0, 2*len(enc))
	var got Raw
	if n := testing.AllocsPerRun(100, func() {
		dst = AppendRaw(dst[:0], r)
		if err := got.Decode(dst); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzRawDecode(f *testing.F) {
	f.Add(AppendRaw(nil, fullRaw()))
	f.Add(AppendRaw(nil, minimalRaw()))
	f.Add([]byte(`{"specversion":"1.0","type":"omnicapi.raw.v1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r, again Raw
		if err := r.Decode(data); err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		enc := AppendRaw(nil, &r)
		if err := jsonscan.Check(enc, envelopeLimits); err != nil {
			t.Fatalf("%v: %q", err, enc)
		}
		if err := again.Decode(enc); err != nil {
			t.Fatalf("%v: %q", err, enc)
		}
		r.Time = r.Time.Truncate(time.Millisecond)
		if diff := diffRaw(&r, &again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkRawDecode(b *testing.B) {
	enc := AppendRaw(nil, fullRaw())
	b.Run("event", func(b *testing.B) {
		b.ReportAllocs()
		var r Raw
		for b.Loop() {
			if err := r.Decode(enc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var r struct {
				ID, Type, Source, Subject, Format, TraceParent string
				Time                                           time.Time
				Data                                           struct {
					Request struct {
						URL, IP, SentAt  string
						Headers, Context json.RawMessage
					}
					Item json.RawMessage
				}
			}
			if err := json.Unmarshal(enc, &r); err != nil {
				b.Fatal(err)
			}
		}
	})
}
