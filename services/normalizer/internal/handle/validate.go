package handle

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// validate leaves out the values that Meta would refuse, and ends the event if a required field or every identity is gone.
func (h *Handler) validate(s *Scratch) *fault.Error {
	s.step = "validate"
	return capi.Validate(&s.out.Event, &s.hashed, h.now(), func(field string, reason capi.Drop) {
		s.drop(field, string(reason))
	})
}
