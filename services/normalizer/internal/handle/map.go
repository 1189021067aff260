package handle

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// mapItem makes the item Meta's event. Its name is translated by the source's events, else by the format's names.
func (h *Handler) mapItem(s *Scratch) *fault.Error {
	s.step = "map"
	s.out.Index = s.raw.Index()
	s.in = mapping.Input{Raw: &s.raw, Rows: s.src.rows, Zone: s.src.zone, Events: s.src.events, Currency: s.src.currency}
	if err := s.format.Mapper.Map(&s.in, &s.out); err != nil {
		return endOf(err)
	}
	e := &s.out.Event
	e.ID = s.raw.ID
	if s.in.Rename(s.format.Names, &s.out) {
		return fault.New(fault.Unmapped, "event_name")
	}
	return nil
}
