package handle

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/mapping"
)

// mapItem makes the item Meta's event, under the name that the source's table gives it, else the format's.
func (h *Handler) mapItem(s *Scratch) *fault.Error {
	s.step = "map"
	in := mapping.Input{Raw: &s.raw, Rows: s.src.rows, Zone: s.src.zone}
	if err := s.mapper.Map(&in, &s.out); err != nil {
		return endOf(err)
	}
	e := &s.out.Event
	e.ID = s.raw.ID
	to, named := s.src.events[string(e.Name)]
	switch {
	case named && to == nil, !named && s.mapper.Drops(e.Name):
		return fault.New(fault.Unmapped, "event_name")
	case named:
		e.Name = to
	}
	return nil
}
