// Package handle takes one raw event to one signal: the normalizer's order of work, one file a step. The service's app
// runs its Worker over the raw topics. Between decode and publish the steps are pure, so that a test or a benchmark can
// call Handle without Kafka. It refuses to lose a record: each ends as exactly one signal, dead letter or drop.
package handle

import (
	"log/slog"
	"runtime"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Handler handles raw events by the configured sources. It is safe for concurrent use; each goroutine has its Scratch.
type Handler struct {
	sources map[string]*source
	now     func() time.Time
	log     *slog.Logger
}

// New returns a handler of sources.
func New(sources *Sources, now func() time.Time, log *slog.Logger) *Handler {
	return &Handler{sources: sources.byName, now: now, log: log}
}

// Handle takes a record of a raw topic through all steps. nil: s.Signal is its signal, valid until s.Begin, unless
// s.Waits: then a lookup must be asked first. Else the event ends here, dropped or dead by its reason.
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
	if end = h.consent(s); end != nil {
		return end
	}
	h.enrich(s)
	if h.lookUp(s) {
		return nil
	}
	h.normalize(s)
	if end = h.validate(s); end != nil {
		return end
	}
	return h.encode(rec, s)
}

// panicked ends the event of a panic. Runtime errors name indexes and types; another panic's text could quote the item.
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
