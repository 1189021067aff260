// Package handle makes one raw event one signal: the normalizer's order of work, one file a step. The service's app runs
// its Worker over the raw topics. Between decode and publish the steps touch nothing outside, so that a test or a benchmark
// can call Handle without Kafka. It refuses to lose a record: each becomes exactly one signal or dead letter, or is dropped.
package handle

import (
	"log/slog"
	"runtime"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/suppression"
)

// Handler handles raw events by the configured sources. It is safe for concurrent use; each goroutine has its Scratch.
type Handler struct {
	sources map[string]*source
	now     func() time.Time
	log     *slog.Logger

	suppressed *suppression.List
}

// New returns a handler of sources.
func New(sources *Sources, now func() time.Time, log *slog.Logger) *Handler {
	return &Handler{sources: sources.byName, now: now, log: log}
}

// Handle takes a record of a raw topic through all steps. If it returns nil, s.Signal is the event's signal, valid until
// s.Begin; unless s.Waits: then a lookup must end first. Else the event ends here: dropped or dead, by the error's reason.
func (h *Handler) Handle(rec *stream.Record, s *Scratch) (end *fault.Error) {
	s.reset()
	defer func() {
		if p := recover(); p != nil {
			end = h.panicked(p, rec, s)
		}
	}()
	if end = h.decode(rec, s); end != nil {
		return end
	}
	if end = h.mapItem(s); end != nil {
		return end
	}
	h.believe(s)
	if end = h.consent(s); end != nil {
		return end
	}
	h.enrich(s)
	if h.findLead(s) {
		return nil
	}
	h.pages(s)
	h.normalize(s)
	if end = h.suppress(s); end != nil {
		return end
	}
	if end = h.validate(s); end != nil {
		return end
	}
	if end = h.limitValue(s); end != nil {
		return end
	}
	return h.encode(rec, s)
}

// panicked ends an event whose handling panicked. The text of a runtime error is logged: it names indexes and types. That
// of another panic is not: it could quote the event.
func (h *Handler) panicked(p any, rec *stream.Record, s *Scratch) *fault.Error {
	what := "a value"
	if err, ok := p.(runtime.Error); ok {
		what = err.Error()
	}
	stack := make([]byte, 8<<10)
	stack = stack[:runtime.Stack(stack, false)]
	h.log.Error("handling a raw event panicked", "topic", rec.Topic, "partition", rec.Partition, "offset", rec.Offset,
		"step", s.step, "panic", what, "stack", string(stack))
	step := s.step
	s.abandon()
	return fault.New(fault.Panic, step)
}
