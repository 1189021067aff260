package handle

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/suppression"
)

// Suppress has the events of listed persons dropped. Call it before the first Handle; without it nobody is suppressed.
func (h *Handler) Suppress(list *suppression.List) { h.suppressed = list }

// suppress ends the event of a person on the list, before anything else can end it: a dead letter would keep him in clear.
func (h *Handler) suppress(s *Scratch) *fault.Error {
	s.step = "suppress"
	if h.suppressed.Len() == 0 {
		return nil
	}
	if k, found := s.hashed.Find(h.suppressed.Has); found {
		return fault.New(fault.Suppressed, k.String())
	}
	return nil
}
