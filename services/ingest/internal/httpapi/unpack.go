package httpapi

import (
	"compress/gzip"
	"io"
	"runtime"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

const (
	// How many bytes gzip may make of one, once the body is larger than ratioFrom.
	maxRatio  = 200
	ratioFrom = 1 << 20
	// inTurn is from what size on bodies of senders who are not proven are unpacked one after the other.
	inTurn = 64 << 10
)

// newTurns lets half of the processors, or one, unpack large bodies whose sender is not proven: the others serve who is.
func newTurns() chan struct{} { return make(chan struct{}, max(runtime.GOMAXPROCS(0)/2, 1)) }

// unpack reads a gzip body; arrived is how many bytes of it have come.
func (x *exchange) unpack(from io.Reader, arrived *int64) *receive.Refusal {
	z := gzips.Get().(*gzip.Reader) //nolint:forcetypeassert // the pool holds nothing else
	defer gzips.Put(z)
	if err := z.Reset(from); err != nil {
		return x.bodyRefusal(err)
	}
	waits := x.share.pool != provenPool
	defer func() {
		if !waits && x.share.pool != provenPool {
			<-x.api.turns
		}
	}()
	return x.fill(&x.body, z, func() *receive.Refusal {
		n := len(x.body.bytes)
		if n > ratioFrom && int64(n) > maxRatio**arrived {
			return &receive.Refusal{Kind: receive.TooLarge, Detail: "the body is compressed too tightly"}
		}
		switch {
		case x.share.pool == provenPool || n < inTurn:
		case waits:
			x.api.turns <- struct{}{} // who has it only calculates, and ends soon
			waits = false
		default:
			runtime.Gosched()
		}
		return nil
	})
}

// gzips are readers for reuse: each holds 40 KB.
var gzips = sync.Pool{New: func() any { return new(gzip.Reader) }}
