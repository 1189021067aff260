package handle

import "github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"

// enrich adds what is known beside the event.
func (h *Handler) enrich(s *Scratch) {
	s.step = "enrich"
	enrich.Apply(&s.out, &s.src.defaults, s.format.ActionSource)
}
