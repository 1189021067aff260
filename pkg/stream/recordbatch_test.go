package stream

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
	"time"

	"github.com/segmentio/kafka-go/protocol"
	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"
)

// encoded is a record with the milliseconds it was added with.
type encoded struct {
	Record
	ms int64
}

func maybeNull(t *rapid.T, label string) []byte {
	if rapid.Bool().Draw(t, label+" null") {
		return nil
	}
	return rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, label)
}

func drawRecord(t *rapid.T) encoded {
	r := encoded{ms: rapid.Int64Range(0, 1<<42).Draw(t, "ms")}
	r.Key, r.Value = maybeNull(t, "key"), maybeNull(t, "value")
	for range rapid.IntRange(0, 3).Draw(t, "headers") {
		r.Headers = append(r.Headers, Header{Key: rapid.StringN(0, 70, -1).Draw(t, "name"), Value: maybeNull(t, "header")})
	}
	return r
}

// TestBatchDecodes: what is encoded decodes, by two other implementations, to the same records; a batch is as kafka
// wants it in each field; its halves hold the same records; and no record takes more room than it counts for.
func TestBatchDecodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		recs := rapid.SliceOfN(rapid.Custom(drawRecord), 1, 30).Draw(t, "records")
		b := newRecordBatch(time.Now())
		for i := range recs {
			before, n := len(b.raw), size(&recs[i].Record)
			if at := b.add(&recs[i].Record, recs[i].ms, int64(n)); at != i {
				t.Fatalf("record %d is added as %d", i, at)
			}
			if took := len(b.raw) - before; took > n {
				t.Fatalf("record %d takes %d bytes and counts for %d", i, took, n)
			}
		}
		want := stamp{rapid.Int64().Draw(t, "id"), rapid.Int16().Draw(t, "epoch"), rapid.Int32().Draw(t, "seq")}
		packed := rapid.Bool().Draw(t, "packed")
		b.encode(want, packed)
		checkBatch(t, b, want, recs)
		sent := b.wire
		then := slices.Clone(sent)
		b.encode(stamp{1, 2, 3}, rapid.Bool().Draw(t, "packed again"))
		checkBatch(t, b, stamp{1, 2, 3}, recs)
		if !bytes.Equal(sent, then) {
			t.Fatal("a second stamp changes the bytes that a request may still be reading")
		}
		if len(recs) < 2 {
			return
		}
		halves := b.split()
		at := 0
		for _, h := range halves {
			if h.root != b || h.offset != at || h.fits(1) {
				t.Fatalf("half at %d: root %p, offset %d, open %v", at, h.root, h.offset, h.fits(1))
			}
			h.encode(want, packed)
			checkBatch(t, h, want, recs[at:at+h.count])
			at += h.count
		}
		if at != len(recs) || halves[0].sizes.plus(halves[1].sizes) != b.sizes {
			t.Fatalf("the halves hold %d of %d records, %v+%v of %v bytes", at, len(recs), halves[0].sizes, halves[1].sizes, b.sizes)
		}
	})
}

func checkBatch(t *rapid.T, b *recordBatch, s stamp, recs []encoded) {
	t.Helper()
	wire := b.wire[lengthBytes:]
	if n := binary.BigEndian.Uint32(b.wire); int(n) != len(wire) {
		t.Fatalf("length %d, want %d", n, len(wire))
	}
	var head kmsg.RecordBatch
	if err := head.ReadFrom(wire); err != nil {
		t.Fatal(err)
	}
	// From the attributes on, as KIP-98 has it; the table is this test's own.
	if crc := crc32.Checksum(wire[21:], crc32.MakeTable(crc32.Castagnoli)); head.CRC != int32(crc) {
		t.Errorf("crc %x, want %x", head.CRC, crc)
	}
	maxMs := slices.MaxFunc(recs, func(a, b encoded) int { return int(a.ms - b.ms) }).ms
	if b.root != b {
		maxMs = head.MaxTimestamp // a half keeps its root's: no less than its own
	}
	got := []any{head.FirstOffset, head.Length, head.Magic, uint16(head.Attributes), head.LastOffsetDelta, head.MaxTimestamp, head.ProducerID, head.ProducerEpoch, head.FirstSequence, head.NumRecords}
	want := []any{int64(0), int32(len(wire) - 12), int8(2), b.codec, int32(len(recs) - 1), maxMs, s.id, s.epoch, s.seq, int32(len(recs))}
	if !slices.Equal(got, want) {
		t.Errorf("header %v, want %v", got, want)
	}
	var set protocol.RecordSet
	if _, err := set.ReadFrom(bytes.NewReader(b.wire)); err != nil {
		t.Fatal(err)
	}
	for i := range recs {
		r, err := set.Records.ReadRecord()
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		checkRecord(t, i, r, &recs[i])
	}
}

func checkRecord(t *rapid.T, i int, got *protocol.Record, want *encoded) {
	t.Helper()
	key, err := protocol.ReadAll(got.Key)
	if err != nil {
		t.Fatal(err)
	}
	value, err := protocol.ReadAll(got.Value)
	if err != nil {
		t.Fatal(err)
	}
	same := got.Offset == int64(i) && got.Time.UnixMilli() == want.ms && bytes.Equal(key, want.Key) && bytes.Equal(value, want.Value) &&
		(key == nil) == (want.Key == nil) && (value == nil) == (want.Value == nil) && len(got.Headers) == len(want.Headers)
	for j := 0; same && j < len(got.Headers); j++ {
		g, w := got.Headers[j], want.Headers[j]
		same = g.Key == w.Key && bytes.Equal(g.Value, w.Value) && (g.Value == nil) == (w.Value == nil)
	}
	if !same {
		t.Fatalf("record %d: got %+v (key %q, value %q), want %+v", i, got, key, value, want)
	}
}
