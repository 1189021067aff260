package handle

import "github.com/omnicapi/omnicapi/pkg/fault"

// consent drops an event that may not reach Meta, and sets the dataset's Limited Data Use on one that says nothing of it.
func (h *Handler) consent(s *Scratch) *fault.Error {
	s.step = "consent"
	decision := s.src.policy.Decide(s.out.Consent)
	s.counts.decided(decision)
	if !decision.Pass() {
		return fault.New(fault.Consent, string(decision))
	}
	s.src.limited.Apply(&s.out.Event)
	return nil
}
