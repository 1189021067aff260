package stream

import (
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/segmentio/kafka-go/compress"
)

// maxUnpacked is what a compressed batch may unpack to: thirty times the largest batch that topics take. A batch of a megabyte may
// unpack to a gigabyte, and the consumer would hold all of it at once.
const maxUnpacked = 32 << 20

// errUnpacked is the error of a batch that unpacks to more.
var errUnpacked = errors.New("a compressed batch unpacks to more than 32 MiB: see the runbook, OmnicapiStalledPartition")

// kafka-go has its codecs in one table for the whole process, so it is changed before anybody reads it.
var _ = boundCodecs()

// boundCodecs limits what each codec unpacks.
func boundCodecs() struct{} { //nolint:unparam // the result lets a variable call it before main, as no init may
	for i, c := range compress.Codecs {
		switch {
		case c == nil:
		case c.Code() == int8(compress.Zstd):
			compress.Codecs[i] = boundedCodec{c, newZstdReader}
		default:
			compress.Codecs[i] = boundedCodec{c, c.NewReader}
		}
	}
	return struct{}{}
}

type boundedCodec struct {
	compress.Codec
	open func(io.Reader) io.ReadCloser
}

func (c boundedCodec) NewReader(r io.Reader) io.ReadCloser {
	return &boundedReader{ReadCloser: c.open(r), left: maxUnpacked}
}

type boundedReader struct {
	io.ReadCloser
	left int
}

func (r *boundedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if r.left -= n; r.left < 0 {
		return 0, errUnpacked
	}
	return n, err
}

// zstdReaders are kept: each has tables and a window of its own.
var zstdReaders sync.Pool

// newZstdReader opens a frame whose window is no larger than what may be unpacked: the decoder allots the window that the frame
// asks for, up to half a gigabyte, before it unpacks a byte. kafka-go's own takes any.
func newZstdReader(r io.Reader) io.ReadCloser {
	d, ok := zstdReaders.Get().(*zstd.Decoder)
	if !ok {
		d, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxUnpacked)) // the options are right
	}
	if err := d.Reset(r); err != nil {
		return failedReader{err}
	}
	return &zstdReader{d}
}

type zstdReader struct{ *zstd.Decoder }

func (r *zstdReader) Read(p []byte) (int, error) {
	n, err := r.Decoder.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = errUnpacked
	}
	return n, err
}

// Close gives the decoder back; the frame's reader is no longer held.
func (r *zstdReader) Close() error {
	if err := r.Reset(nil); err != nil {
		return err
	}
	zstdReaders.Put(r.Decoder)
	return nil
}

// failedReader is what could not be opened.
type failedReader struct{ err error }

func (r failedReader) Read([]byte) (int, error) { return 0, r.err }

// Close does nothing.
func (failedReader) Close() error { return nil }
