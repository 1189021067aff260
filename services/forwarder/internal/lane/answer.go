package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// maxUnknown is how often a batch is tried whose answer is in no table, before it is isolated as an invalid one.
const maxUnknown = 3

// answer does what one of Meta's answers asks for.
func (w *window) answer(r posted) {
	w.posting--
	a := &r.answer
	if a.Aborted {
		w.front(r.part)
		return
	}
	w.observe(&r)
	switch a.Class {
	case capi.OK:
		w.refusals = 0
		w.reached(&r)
		w.finish(&r, event.Ending{Fate: fault.Delivered})
	case capi.Partial:
		w.isolate(&r, fault.Partial)
	case capi.Setup:
		w.front(r.part)
		w.park(&r, a.Setup)
	case capi.Invalid:
		w.isolate(&r, fault.Refused)
	case capi.TooLarge:
		w.isolate(&r, fault.Oversize)
	case capi.Unknown:
		if r.part.unknown++; r.part.unknown < maxUnknown && !w.gate.ParkedFor(gate.Refused) {
			w.pause(&r)
			return
		}
		w.isolate(&r, fault.UnknownCode)
	default: // transient, throttle
		w.pause(&r)
	}
}

// observe keeps what every answer tells: its time, the usage figures and the rest they cost.
func (w *window) observe(r *posted) {
	took := r.ended.Sub(r.started)
	w.metrics.request.WithLabelValues(w.cfg.Dataset, string(r.answer.Class)).Observe(took.Seconds())
	w.metrics.batch.Observe(float64(len(r.part.Events)))
	w.gate.Used(r.answer.Usage, took, r.ended)
}

// reached notes that Meta dealt with a batch, whatever it thought of the events: a trial or a park for setup is over.
func (w *window) reached(r *posted) {
	if w.gate.Reached(time.Now(), r.ticket, r.answer.Class, r.answer.RetryAfter) {
		w.refusals = 0
	}
}

// pause stops the whole lane for a while: what failed goes behind the others, so that a batch that fails for itself does
// not keep them from going out.
func (w *window) pause(r *posted) {
	w.back(r.part)
	w.gate.Pause(time.Now(), r.ticket, r.answer.Class, r.answer.RetryAfter, r.answer.attrs()...)
}

// park stops the lane until the probe succeeds.
func (w *window) park(r *posted, reason capi.SetupReason) {
	w.gate.Park(time.Now(), r.ticket, reason, r.answer.attrs()...)
}

// attrs are the facts of an answer that may be logged: codes and closed lists.
func (a *Answer) attrs() []any {
	attrs := []any{"class", string(a.Class), "status", a.Status}
	if a.Cause != "" {
		attrs = append(attrs, "cause", a.Cause)
	}
	if d := a.Detail(); d != "" {
		attrs = append(attrs, "code", d)
	}
	if a.FBTraceID != "" {
		attrs = append(attrs, "fbtrace_id", a.FBTraceID)
	}
	return attrs
}
