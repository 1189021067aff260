package graph

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
)

// pool keeps the buffers of bodies. The transport may still read a body after an answer has come, so a buffer goes back
// only when every reader of it has been closed; else it is left to the garbage collector.
type pool struct{ buffers sync.Pool }

func (p *pool) get() *buffer {
	if b, ok := p.buffers.Get().(*buffer); ok {
		return b
	}
	return &buffer{}
}

// put takes a buffer back if nobody reads it any more.
func (p *pool) put(b *buffer) {
	if b.readers.Load() != 0 {
		return
	}
	b.bytes = b.bytes[:0]
	p.buffers.Put(b)
}

// buffer is one body and the count of its open readers.
type buffer struct {
	bytes   []byte
	readers atomic.Int32
}

// reader returns a new reader of the whole body: one for each time the transport sends it.
func (b *buffer) reader() io.ReadCloser {
	b.readers.Add(1)
	return &bodyReader{Reader: bytes.NewReader(b.bytes), of: b}
}

type bodyReader struct {
	*bytes.Reader
	of     *buffer
	closed atomic.Bool
}

func (r *bodyReader) Close() error {
	if !r.closed.Swap(true) {
		r.of.readers.Add(-1)
	}
	return nil
}
