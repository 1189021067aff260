package handle

// enrich adds what is known beside the event.
func (h *Handler) enrich(s *Scratch) {
	s.step = "enrich"
	h.enricher.Apply(&s.out, &s.src.defaults, s.format.ActionSource)
}
