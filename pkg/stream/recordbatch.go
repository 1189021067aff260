package stream

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
	"sync"
	"time"
)

// The v2 record batch (KIP-98), after the four bytes of length that kafka-go's raw record sets begin with.
const (
	lengthBytes  = 4
	headerBytes  = 61
	batchStart   = lengthBytes + headerBytes
	maxBatch     = 900_000 // under Kafka's default message.max.bytes
	maxBatchRecs = 10_000
)

// recordBatch is a Kafka record batch: records of one partition that go to the broker as one. Records are encoded as they are
// added, so the caller may reuse their memory when Publish returns, even if it returned early.
type recordBatch struct {
	raw     []byte // room for the header, then the records
	wire    []byte // what is sent: raw, or its records packed, or a newly stamped copy of that
	codec   uint16 // of wire
	count   int
	sealed  bool // takes no more records
	sizes   load // of the records, as counted in the producer's pending bytes
	firstMs int64
	maxMs   int64
	created time.Time

	// What callers of Publish wait on. A batch that the broker finds too large is split; its parts report to the root.
	root   *recordBatch
	offset int // of record 0 in the root
	open   int // root: records without an answer yet
	done   chan struct{}
	failed []failure

	stamp    stamp
	stamped  bool
	restamp  bool // the broker no longer knows the stamp
	repack   bool // the broker does not take the codec
	attempts int
	failures int   // in a row
	last     error // of the last attempt
}

// stamp is what makes a batch idempotent.
type stamp struct {
	id    int64
	epoch int16
	seq   int32
}

// failure is why records from..to-1 of a root batch are not on Kafka.
type failure struct {
	from, to int
	err      error
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

func newRecordBatch(now time.Time) *recordBatch {
	room := buffers.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
	b := &recordBatch{created: now, done: make(chan struct{}), raw: (*room)[:batchStart]}
	b.root = b
	return b
}

// size is what a record counts for in limits: no less than its encoded bytes.
func size(r *Record) int {
	n := len(r.Key) + len(r.Value) + 32
	for i := range r.Headers {
		n += len(r.Headers[i].Key) + len(r.Headers[i].Value) + 8
	}
	return n
}

// fits says whether n more bytes may go into b; a first record always may.
func (b *recordBatch) fits(n int) bool {
	return !b.sealed && (b.count == 0 || len(b.raw)+n <= maxBatch && b.count < maxBatchRecs)
}

// add encodes r as the next record and returns its index.
func (b *recordBatch) add(r *Record, ms int64, size int64) int {
	i := b.count
	if i == 0 {
		b.firstMs, b.maxMs = ms, ms
	}
	b.maxMs = max(b.maxMs, ms)
	body := nullLen(r.Key) + nullLen(r.Value) + varintLen(int64(len(r.Headers)))
	for j := range r.Headers {
		h := &r.Headers[j]
		body += varintLen(int64(len(h.Key))) + len(h.Key) + nullLen(h.Value)
	}
	dst := appendRecordHead(b.raw, body, ms-b.firstMs, i)
	dst = appendNull(dst, r.Key)
	dst = appendNull(dst, r.Value)
	dst = binary.AppendVarint(dst, int64(len(r.Headers)))
	for j := range r.Headers {
		h := &r.Headers[j]
		dst = binary.AppendVarint(dst, int64(len(h.Key)))
		dst = append(dst, h.Key...)
		dst = appendNull(dst, h.Value)
	}
	b.raw = dst
	b.count++
	b.sizes = b.sizes.plus(loadOf(r, size))
	b.open++
	return i
}

// appendRecordHead is a record's length, attributes, time and offset deltas.
func appendRecordHead(dst []byte, body int, deltaMs int64, index int) []byte {
	n := 1 + varintLen(deltaMs) + varintLen(int64(index)) + body
	dst = binary.AppendVarint(dst, int64(n))
	dst = append(dst, 0)
	dst = binary.AppendVarint(dst, deltaMs)
	return binary.AppendVarint(dst, int64(index))
}

// encode stamps the batch and makes its wire bytes, as RawProduce wants them; packed: compressed, if that is smaller. A retry
// sends the same bytes; a second stamp goes onto a copy, since a request that was given up may still be reading the first.
func (b *recordBatch) encode(s stamp, packed bool) {
	switch {
	case !b.stamped && packed:
		b.wire, b.codec = b.pack()
	case !b.stamped:
		b.wire = b.raw
	case !packed:
		b.wire, b.codec = slices.Clone(b.raw), codecNone
	default:
		b.wire = slices.Clone(b.wire)
	}
	b.stamp, b.stamped, b.restamp, b.repack = s, true, false, false
	be := binary.BigEndian
	be.PutUint32(b.wire, uint32(len(b.wire)-lengthBytes))
	h := b.wire[lengthBytes:]
	be.PutUint64(h[0:], 0) // base offset
	be.PutUint32(h[8:], uint32(len(h)-12))
	be.PutUint32(h[12:], 0xffffffff)        // leader epoch: unknown
	h[16] = 2                               // magic
	be.PutUint16(h[21:], b.codec)           // attributes: how it is compressed, create time
	be.PutUint32(h[23:], uint32(b.count-1)) // last offset delta
	be.PutUint64(h[27:], uint64(b.firstMs))
	be.PutUint64(h[35:], uint64(b.maxMs))
	be.PutUint64(h[43:], uint64(s.id))
	be.PutUint16(h[51:], uint16(s.epoch))
	be.PutUint32(h[53:], uint32(s.seq))
	be.PutUint32(h[57:], uint32(b.count))
	be.PutUint32(h[17:], crc32.Checksum(h[21:], castagnoli))
}

// split returns the batch as two halves that report to the same root.
func (b *recordBatch) split() [2]*recordBatch {
	var halves [2]*recordBatch
	records, i := b.raw[batchStart:], 0
	for k, n := range [2]int{b.count / 2, b.count - b.count/2} {
		h := &recordBatch{created: b.created, root: b.root, offset: b.offset + i, sealed: true, firstMs: b.firstMs, maxMs: b.maxMs, raw: make([]byte, batchStart)}
		for range n {
			length, v := binary.Varint(records)
			h.copyRecord(records[v : v+int(length)])
			records = records[v+int(length):]
			i++
		}
		halves[k] = h
	}
	halves[0].sizes = b.sizes.half()
	halves[1].sizes = b.sizes.minus(halves[0].sizes)
	return halves
}

// copyRecord appends a record that was encoded, without its length, for another offset.
func (b *recordBatch) copyRecord(rec []byte) {
	rec = rec[1:] // attributes
	delta, n := binary.Varint(rec)
	rec = rec[n:]
	_, n = binary.Varint(rec) // offset delta
	rec = rec[n:]
	b.raw = append(appendRecordHead(b.raw, len(rec), delta, b.count), rec...)
	b.count++
}

// finish tells those who wait how the batch ended. reuse says that no request can still be reading its bytes, since it was
// sent once and answered.
func (b *recordBatch) finish(err error, reuse bool) {
	if err != nil {
		b.root.failed = append(b.root.failed, failure{b.offset, b.offset + b.count, err})
	}
	raw, wire := b.raw, b.wire
	b.raw, b.wire = nil, nil
	if b.root.open -= b.count; b.root.open == 0 {
		close(b.root.done)
	}
	if !reuse {
		return
	}
	if b.codec != codecNone {
		giveBack(wire)
	}
	giveBack(raw)
}

// giveBack keeps a buffer for another batch.
func giveBack(buffer []byte) {
	if cap(buffer) <= maxBatch+64<<10 {
		buffer = buffer[:0]
		buffers.Put(&buffer)
	}
}

// errOf is why record i of a root batch is not on Kafka, after done.
func (b *recordBatch) errOf(i int) error {
	if k := slices.IndexFunc(b.failed, func(f failure) bool { return f.from <= i && i < f.to }); k >= 0 {
		return b.failed[k].err
	}
	return nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func varintLen(v int64) int {
	u := uint64(v<<1) ^ uint64(v>>63)
	n := 1
	for u >= 0x80 {
		u >>= 7
		n++
	}
	return n
}

func nullLen(b []byte) int {
	if b == nil {
		return 1
	}
	return varintLen(int64(len(b))) + len(b)
}

func appendNull(dst, b []byte) []byte {
	if b == nil {
		return binary.AppendVarint(dst, -1)
	}
	dst = binary.AppendVarint(dst, int64(len(b)))
	return append(dst, b...)
}
