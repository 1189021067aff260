package handle

import "github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"

// enrich adds what the event does not say itself: what follows from the request, and the defaults.
func (h *Handler) enrich(s *Scratch) {
	s.step = "enrich"
	enrich.Apply(&s.out, &s.src.defaults, s.format.ActionSource)
}
