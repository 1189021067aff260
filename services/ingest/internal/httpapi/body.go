package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// firstRoom is what a body starts with.
const firstRoom = 16 << 10

// readBody reads the body, decompressed; all limits are on the decompressed bytes. Room grows with what has arrived, never
// with what a header promises.
func (x *exchange) readBody() *receive.Refusal {
	w, r, maxBody := x.writer, x.in.Request, x.maxBody()
	if r.ContentLength > int64(maxBody) {
		return x.tooLarge()
	}
	zipped, ok := encoding(r)
	if !ok {
		w.Header().Set("Accept-Encoding", "gzip")
		return &receive.Refusal{Kind: receive.WrongEncoding, Detail: "the only content encoding taken is gzip"}
	}
	arriving := &wire{from: http.MaxBytesReader(w, r.Body, int64(maxBody)), x: x}
	if x.share.pool != provenPool {
		arriving.watch()
	}
	var refusal *receive.Refusal
	switch {
	case !zipped:
		refusal = x.fill(&x.body, arriving, nil)
	case arriving.conn == nil:
		refusal = x.unpack(arriving, &arriving.n)
	default: // what is withheld takes no more room than what has come over the network
		if refusal = x.fill(&x.packed, arriving, nil); refusal == nil {
			refusal = x.unpack(bytes.NewReader(x.packed.bytes), &arriving.n)
		}
	}
	if refusal != nil {
		return refusal
	}
	if !arriving.done() {
		return x.noRoom()
	}
	x.in.Body = x.body.bytes
	x.sent += int(arriving.n)
	return nil
}

// buffer is bytes that were read, and how many there may be after the next read, as far as room is taken for them.
type buffer struct {
	bytes []byte
	room  int
}

// reset empties the buffer and keeps its memory, unless it is large.
func (b *buffer) reset() {
	if b.room = 0; cap(b.bytes) > keepRoom {
		b.bytes = nil
	}
	b.bytes = b.bytes[:0]
}

// fill reads all of src, within the budget of all bodies. check, if there is one, is asked after each read.
func (x *exchange) fill(b *buffer, src io.Reader, check func() *receive.Refusal) *receive.Refusal {
	for {
		if refusal := x.grow(b); refusal != nil {
			return refusal
		}
		n, err := src.Read(b.bytes[len(b.bytes):b.room])
		b.bytes = b.bytes[:len(b.bytes)+n]
		if len(b.bytes) > x.maxBody() {
			return x.tooLarge()
		}
		if check != nil {
			if refusal := check(); refusal != nil {
				return refusal
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return x.bodyRefusal(err)
		}
	}
}

// grow makes room for the next read. What counts is what has arrived: a buffer that is used again may be larger.
func (x *exchange) grow(b *buffer) *receive.Refusal {
	if len(b.bytes) < b.room {
		return nil
	}
	room := max(firstRoom, min(2*b.room, x.in.Limits.MaxBody+1))
	if !x.api.bodies.take(&x.share, int64(room-b.room)) {
		x.hangUp()
		return x.noRoom()
	}
	b.room = room
	if room > cap(b.bytes) {
		b.bytes = append(make([]byte, 0, room), b.bytes...)
	}
	return nil
}

// encoding says whether a body is gzip; not ok: something else.
func encoding(r *http.Request) (zipped, ok bool) {
	switch strings.ToLower(strings.TrimSpace(strings.Join(r.Header.Values("Content-Encoding"), ","))) {
	case "", "identity":
		return false, true
	case "gzip", "x-gzip":
		return true, true
	}
	return false, false
}

// maxBody is the largest body that is read: of a sender who is known to prove nothing its source's.
func (x *exchange) maxBody() int {
	limit := x.in.Limits.MaxBody
	if own := x.unprovenLimits().Bytes; own > 0 {
		limit = min(limit, own)
	}
	return limit
}

func (x *exchange) tooLarge() *receive.Refusal {
	if x.maxBody() < x.in.Limits.MaxBody {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is larger than what is taken without proof of who sends it"}
	}
	return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is too large"}
}

// bodyRefusal says why a body could not be read to its end.
func (x *exchange) bodyRefusal(err error) *receive.Refusal {
	var large *http.MaxBytesError
	var slow net.Error
	switch {
	case errors.Is(err, errEvicted):
		x.hangUp()
		return x.noRoom()
	case errors.As(err, &large):
		return x.tooLarge()
	case errors.As(err, &slow) && slow.Timeout():
		x.hangUp()
		return &receive.Refusal{Kind: receive.SlowBody, Detail: "the body did not arrive in time"}
	}
	return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body is broken or cut off"}
}

// hangUp ends the connection behind the answer: nobody waits for the rest of the body.
func (x *exchange) hangUp() {
	if x.share.pool != provenPool {
		x.writer.Header().Set("Connection", "close")
	}
}

// noRoom refuses a request for which its pool has no room.
func (x *exchange) noRoom() *receive.Refusal {
	x.api.metrics.noRoom[x.share.pool].Inc()
	return &receive.Refusal{Kind: receive.Unavailable, Detail: "too many requests at a time"}
}
