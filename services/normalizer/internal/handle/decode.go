package handle

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// decode reads the envelope and finds the source, its dataset and the format's mapper.
func (h *Handler) decode(rec *stream.Record, s *Scratch) *fault.Error {
	if err := s.raw.Decode(rec.Value); err != nil {
		return endOf(err)
	}
	s.src = h.sources[string(s.raw.Source)]
	if s.src == nil {
		return fault.New(fault.UnknownSource, "source")
	}
	if s.src.topic == "" {
		return fault.New(fault.UnknownDataset, "dataset")
	}
	if s.format = all.Of(s.raw.Format); s.format == nil {
		return fault.New(fault.UnsupportedVersion, "format")
	}
	return nil
}

// endOf is why an event ends here, as err says it; an error that does not say is of an event that cannot be read.
func endOf(err error) *fault.Error {
	if end := fault.Of(err); end != nil {
		return end
	}
	return fault.New(fault.Undecodable, "")
}
