package httpapi

import (
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// The room a body starts with, and how many bytes gzip may make of one, once the body is larger than ratioFrom.
const (
	firstRoom = 16 << 10
	maxRatio  = 200
	ratioFrom = 1 << 20
)

// readBody reads the body, decompressed; all limits are on the decompressed bytes. Room grows with what has arrived, never
// with what a header promises.
func (x *exchange) readBody() *receive.Refusal {
	w, r, maxBody := x.writer, x.in.Request, x.maxBody()
	if r.ContentLength > int64(maxBody) {
		return x.tooLarge()
	}
	arriving := &wire{from: http.MaxBytesReader(w, r.Body, int64(maxBody)), x: x}
	if x.share.pool != provenPool {
		arriving.watch()
	}
	var src io.Reader = arriving
	zipped, ok := encoding(r)
	if !ok {
		w.Header().Set("Accept-Encoding", "gzip")
		return &receive.Refusal{Kind: receive.WrongEncoding, Detail: "the only content encoding taken is gzip"}
	}
	if zipped {
		z := gzips.Get().(*gzip.Reader) //nolint:forcetypeassert // the pool holds nothing else
		defer gzips.Put(z)
		if err := z.Reset(arriving); err != nil {
			return x.bodyRefusal(err)
		}
		src = z
	}
	for {
		if refusal := x.grow(); refusal != nil {
			return refusal
		}
		n, err := src.Read(x.body[len(x.body):x.room])
		x.body = x.body[:len(x.body)+n]
		if len(x.body) > maxBody {
			return x.tooLarge()
		}
		if zipped && len(x.body) > ratioFrom && int64(len(x.body)) > maxRatio*arriving.n {
			return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is compressed too tightly"}
		}
		if errors.Is(err, io.EOF) {
			arriving.done()
			x.in.Body = x.body
			return nil
		}
		if err != nil {
			return x.bodyRefusal(err)
		}
	}
}

// grow makes room for the next read, within the budget of all bodies. What counts is what has arrived: a buffer that is used again may
// be larger.
func (x *exchange) grow() *receive.Refusal {
	if len(x.body) < x.room {
		return nil
	}
	room := max(firstRoom, min(2*x.room, x.in.Limits.MaxBody+1))
	if !x.api.bodies.take(&x.share, int64(room-x.room)) {
		x.hangUp()
		return x.noRoom()
	}
	x.room = room
	if room > cap(x.body) {
		x.body = append(make([]byte, 0, room), x.body...)
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

// gzips are readers for reuse: each holds 40 KB.
var gzips = sync.Pool{New: func() any { return new(gzip.Reader) }}
