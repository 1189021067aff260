package stream

import (
	"encoding/binary"
	"hash/crc32"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func varlen(v int64) int {
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
	return varlen(int64(len(b))) + len(b)
}

func appendNull(dst, b []byte) []byte {
	if b == nil {
		return binary.AppendVarint(dst, -1)
	}
	dst = binary.AppendVarint(dst, int64(len(b)))
	return append(dst, b...)
}

// appendBatch encodes one v2 record batch. pid < 0 means not idempotent.
func appendBatch(dst []byte, recs []Record, pid int64, epoch int16, seq int32) []byte {
	start := len(dst)
	var hdr [61]byte
	dst = append(dst, hdr[:]...)
	first := recs[0].Time.UnixMilli()
	maxT := first
	body := dst
	for i := range recs {
		r := &recs[i]
		ms := r.Time.UnixMilli()
		if ms > maxT {
			maxT = ms
		}
		td := ms - first
		n := 1 + varlen(td) + varlen(int64(i)) + nullLen(r.Key) + nullLen(r.Value) + varlen(int64(len(r.Headers)))
		for j := range r.Headers {
			n += varlen(int64(len(r.Headers[j].Key))) + len(r.Headers[j].Key) + nullLen(r.Headers[j].Value)
		}
		body = binary.AppendVarint(body, int64(n))
		body = append(body, 0)
		body = binary.AppendVarint(body, td)
		body = binary.AppendVarint(body, int64(i))
		body = appendNull(body, r.Key)
		body = appendNull(body, r.Value)
		body = binary.AppendVarint(body, int64(len(r.Headers)))
		for j := range r.Headers {
			body = binary.AppendVarint(body, int64(len(r.Headers[j].Key)))
			body = append(body, r.Headers[j].Key...)
			body = appendNull(body, r.Headers[j].Value)
		}
	}
	attrs := uint16(0)
	dst = body
	b := dst[start:]
	be := binary.BigEndian
	be.PutUint64(b[0:], 0)
	be.PutUint32(b[8:], uint32(len(b)-12))
	be.PutUint32(b[12:], 0xffffffff)
	b[16] = 2
	be.PutUint16(b[21:], attrs)
	be.PutUint32(b[23:], uint32(len(recs)-1))
	be.PutUint64(b[27:], uint64(first))
	be.PutUint64(b[35:], uint64(maxT))
	be.PutUint64(b[43:], uint64(pid))
	be.PutUint16(b[51:], uint16(epoch))
	be.PutUint32(b[53:], uint32(seq))
	be.PutUint32(b[57:], uint32(len(recs)))
	be.PutUint32(b[17:], crc32.Checksum(b[21:], castagnoli))
	return dst
}
