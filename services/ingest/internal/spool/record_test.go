package spool

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// texts are byte strings, none and empty ones among them.
var texts = rapid.OneOf(rapid.Just([]byte(nil)), rapid.SliceOf(rapid.Byte()))

// TestRecordProperty: a record is read as it was written, and one with a changed byte is not read.
func TestRecordProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stream.Record{
			Topic: rapid.String().Draw(t, "topic"), Key: texts.Draw(t, "key"), Value: texts.Draw(t, "value"),
			Time: time.Unix(0, rapid.Int64().Draw(t, "time")),
		}
		for range rapid.IntRange(0, 3).Draw(t, "headers") {
			r.Headers = append(r.Headers, stream.Header{Key: rapid.String().Draw(t, "name"), Value: texts.Draw(t, "of it")})
		}
		b := appendRecord([]byte("before"), &r)[len("before"):]
		got, err := decodeRecord(b)
		if diff := cmp.Diff(r, got); diff != "" || err != nil {
			t.Fatal(err, diff)
		}
		if at := arrivalOf(b); !at.Equal(r.Time) {
			t.Fatalf("arrival %v", at)
		}
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		if _, err := decodeRecord(b); err == nil {
			t.Fatal("read, though a byte is another")
		}
	})
}

func FuzzDecodeRecord(f *testing.F) {
	r := event("p.events.website", "a")
	f.Add(appendRecord(nil, &r)[5:])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = decodeRecord(b)
		_ = arrivalOf(b)
		d := decoder{b: b} // as if the sum were right
		for !d.bad && len(d.b) > 0 {
			if d.text() == nil {
				d.uvarint()
			}
		}
	})
}
