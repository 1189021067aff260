package spool

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// A record is kept as
//
//	CRC-32C of what follows, 4 bytes, big endian
//	the version of the encoding, 1 byte
//	varint: Unix nanoseconds of its arrival
//	text: topic, key, value
//	uvarint: number of headers, of each: text: name, value
//
// A text is a uvarint, 0 for none, else one more than its length, and its bytes.
const recordVersion = 1

var (
	castagnoli    = crc32.MakeTable(crc32.Castagnoli)
	errUnreadable = errors.New("a record cannot be read")
)

func appendRecord(dst []byte, r *stream.Record) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0, recordVersion)
	dst = binary.AppendVarint(dst, r.Time.UnixNano())
	dst = appendText(dst, []byte(r.Topic))
	dst = appendText(dst, r.Key)
	dst = appendText(dst, r.Value)
	dst = binary.AppendUvarint(dst, uint64(len(r.Headers)))
	for _, h := range r.Headers {
		dst = appendText(dst, []byte(h.Key))
		dst = appendText(dst, h.Value)
	}
	binary.BigEndian.PutUint32(dst[start:], crc32.Checksum(dst[start+4:], castagnoli))
	return dst
}

func appendText(dst, text []byte) []byte {
	if text == nil {
		return append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(len(text))+1)
	return append(dst, text...)
}

// decodeRecord reads a record; its bytes are those of b.
func decodeRecord(b []byte) (stream.Record, error) {
	if len(b) < 5 || binary.BigEndian.Uint32(b) != crc32.Checksum(b[4:], castagnoli) || b[4] != recordVersion {
		return stream.Record{}, errUnreadable
	}
	d := decoder{b: b[5:]}
	r := stream.Record{Time: time.Unix(0, d.varint()), Topic: string(d.text()), Key: d.text(), Value: d.text()}
	for n := d.uvarint(); n > 0 && !d.bad; n-- {
		r.Headers = append(r.Headers, stream.Header{Key: string(d.text()), Value: d.text()})
	}
	if d.bad || len(d.b) > 0 {
		return stream.Record{}, errUnreadable
	}
	return r, nil
}

// arrivalOf is when a kept record arrived; zero if it cannot be read.
func arrivalOf(b []byte) time.Time {
	if len(b) < 6 {
		return time.Time{}
	}
	d := decoder{b: b[5:]}
	ns := d.varint()
	if d.bad {
		return time.Time{}
	}
	return time.Unix(0, ns)
}

// decoder reads what appendRecord wrote; bad: it ended too early.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	d.skip(n)
	return v
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	d.skip(n)
	return v
}

func (d *decoder) skip(n int) {
	if n <= 0 {
		d.b, d.bad = nil, true
		return
	}
	d.b = d.b[n:]
}

func (d *decoder) text() []byte {
	n := d.uvarint()
	if n == 0 || d.bad {
		return nil
	}
	if n--; n > uint64(len(d.b)) {
		d.b, d.bad = nil, true
		return nil
	}
	t := d.b[:n:n]
	d.b = d.b[n:]
	return t
}
