package handle

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// headerRoom is how many bytes of a record are left for a signal's headers, beside its parameters.
const headerRoom = 4 << 10

// encode makes the signal: the event as Meta takes it, an element of data[], and the headers by which the forwarder decides.
func (h *Handler) encode(rec *stream.Record, s *Scratch) *fault.Error {
	s.step = "encode"
	e := &s.out.Event
	start := len(s.bytes)
	s.bytes = capi.AppendEvent(s.bytes, e, &s.hashed)
	body := s.bytes[start:len(s.bytes):len(s.bytes)]
	if len(body)+len(s.out.Params)+headerRoom > topic.MaxRecordBytes {
		s.bytes = s.bytes[:start]
		return fault.New(fault.Oversize, "event")
	}
	signal := event.Signal{
		ID:           s.raw.ID,
		Source:       s.src.header,
		Time:         s.raw.Time,
		EventTime:    e.Time,
		EventName:    e.Name,
		ActionSource: e.ActionSource,
		Value:        e.Custom.Value,
		Currency:     e.Custom.Currency,
		Trust:        s.raw.Trust,
		Params:       s.out.Params,
		TraceParent:  s.raw.TraceParent,
		Replays:      event.Replays(rec),
	}
	s.Signal = signal.RecordIn(&s.headers, s.src.topic, body)
	return nil
}
