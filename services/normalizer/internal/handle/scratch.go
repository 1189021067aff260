package handle

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// maxKept is how many bytes of its buffers a scratch keeps from chunk to chunk.
const maxKept = 16 << 20

// Scratch is the buffers of one goroutine, reused from event to event and from chunk to chunk.
type Scratch struct {
	Signal stream.Record // what Handle made, valid until Begin

	raw    event.Raw
	src    *source
	format *format.Format
	in     mapping.Input
	out    mapping.Output
	hashed capi.Hashed
	step   string
	counts counts
	lead   leadLookup

	bytes   []byte      // the chunk's encoded signals
	headers event.Arena // their keys and headers
}

// NewScratch returns an empty one.
func NewScratch() *Scratch { return &Scratch{} }

// Begin starts a chunk: the signals of the last one are gone.
func (s *Scratch) Begin() {
	s.bytes = s.bytes[:0]
	if cap(s.bytes) > maxKept {
		s.bytes = nil
	}
	s.headers.Begin(maxKept)
	s.counts.clear()
}

func (s *Scratch) reset() {
	s.Signal = stream.Record{}
	s.src, s.format, s.step = nil, nil, "decode"
	s.lead.waits = false
	s.out.Reset()
}

// abandon replaces all buffers: they may be half-written, or a producer may still read them.
func (s *Scratch) abandon() {
	*s = Scratch{src: s.src, raw: s.raw, counts: s.counts}
}

func (s *Scratch) drop(field, reason string) {
	s.out.Dropped = append(s.out.Dropped, mapping.Dropped{Field: field, Reason: reason})
}
