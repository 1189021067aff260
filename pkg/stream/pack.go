package stream

import (
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Values of Config.Compression.
const (
	Zstd         = "zstd"
	Uncompressed = "none"
)

// The codecs, as a batch's attributes name them.
const (
	codecNone uint16 = 0
	codecZstd uint16 = 4
)

// packFrom is the smallest batch that is compressed, some four events: in less there is little that repeats, and what a frame costs
// beside its bytes is the same (13 µs of one event against 2 of each of sixteen: BenchmarkPack).
const packFrom = 4 << 10

// packer serves all producers: each call of EncodeAll takes an encoder of its own. A batch is no larger than the window, so that what
// one request says for all its items goes, wherever it is repeated.
var packer = sync.OnceValue(func() *zstd.Encoder {
	e, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20), zstd.WithEncoderCRC(false)) // the options are right
	return e
})

// pack returns what is to be sent of a batch, and its codec: the records compressed in a buffer of their own, or, where that is not
// smaller, as they were added.
func (b *recordBatch) pack() (wire []byte, codec uint16) {
	if len(b.raw)-batchStart < packFrom {
		return b.raw, codecNone
	}
	room := buffers.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
	packed := packer().EncodeAll(b.raw[batchStart:], (*room)[:batchStart])
	if len(packed) >= len(b.raw) {
		giveBack(packed)
		return b.raw, codecNone
	}
	return packed, codecZstd
}

// sendUnpacked ends compression: a broker does not know the codec (Kafka does since 2.1, some that speak its protocol do not).
func (c *Client) sendUnpacked() {
	if c.packs.CompareAndSwap(true, false) {
		c.log.Warn("kafka does not take zstd: records are sent uncompressed from now on", "do", "set kafka.compression to none")
	}
}
