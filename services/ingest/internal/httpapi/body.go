package httpapi

import (
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// The room a body starts with, and how many bytes gzip may make of one, once the body is larger than ratioFrom.
const (
	firstRoom = 16 << 10
	maxRatio  = 200
	ratioFrom = 1 << 20
)

// budget bounds the bytes of all bodies being read or stored at a time.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) take(n int64) bool {
	if b.used.Add(n) > b.limit {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *budget) free(n int64) { b.used.Add(-n) }

// readBody reads the body, decompressed; all limits are on the decompressed bytes. Room grows with what has arrived, never
// with what a header promises.
func (x *exchange) readBody() *receive.Refusal {
	w, r, maxBody := x.writer, x.in.Request, x.in.Limits.MaxBody
	if r.ContentLength > int64(maxBody) {
		return tooLarge()
	}
	counted := &counter{from: http.MaxBytesReader(w, r.Body, int64(maxBody))}
	var src io.Reader = counted
	zipped, ok := encoding(r)
	if !ok {
		w.Header().Set("Accept-Encoding", "gzip")
		return &receive.Refusal{Kind: receive.WrongEncoding, Detail: "the only content encoding taken is gzip"}
	}
	if zipped {
		z := gzips.Get().(*gzip.Reader) //nolint:forcetypeassert // the pool holds nothing else
		defer gzips.Put(z)
		if err := z.Reset(counted); err != nil {
			return bodyRefusal(err)
		}
		src = z
	}
	for {
		if refusal := x.grow(); refusal != nil {
			return refusal
		}
		n, err := src.Read(x.body[len(x.body):cap(x.body)])
		x.body = x.body[:len(x.body)+n]
		if len(x.body) > maxBody {
			return tooLarge()
		}
		if zipped && len(x.body) > ratioFrom && int64(len(x.body)) > maxRatio*counted.n {
			return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is compressed too tightly"}
		}
		if errors.Is(err, io.EOF) {
			x.in.Body = x.body
			x.sent += int(counted.n)
			return nil
		}
		if err != nil {
			return bodyRefusal(err)
		}
	}
}

// grow makes room for the next read, within the budget of all bodies.
func (x *exchange) grow() *receive.Refusal {
	if len(x.body) < cap(x.body) && x.held >= int64(cap(x.body)) {
		return nil
	}
	room := cap(x.body)
	if len(x.body) == room {
		room = max(firstRoom, min(2*room, x.in.Limits.MaxBody+1))
	}
	if need := int64(room) - x.held; need > 0 {
		if !x.api.bodies.take(need) {
			return &receive.Refusal{Kind: receive.Unavailable, Detail: "too many requests at a time"}
		}
		x.held += need
	}
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

func tooLarge() *receive.Refusal {
	return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is too large"}
}

// bodyRefusal says why a body could not be read to its end.
func bodyRefusal(err error) *receive.Refusal {
	var large *http.MaxBytesError
	var slow net.Error
	switch {
	case errors.As(err, &large):
		return tooLarge()
	case errors.As(err, &slow) && slow.Timeout():
		return &receive.Refusal{Kind: receive.SlowBody, Detail: "the body did not arrive in time"}
	}
	return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body is broken or cut off"}
}

// gzips are readers for reuse: each holds 40 KB.
var gzips = sync.Pool{New: func() any { return new(gzip.Reader) }}

// counter counts the bytes that arrive, before they are decompressed.
type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
