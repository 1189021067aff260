package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
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
		w.finish(&r, verdict{fate: fault.Delivered})
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
		if r.part.unknown++; r.part.unknown < maxUnknown && !w.parkedFor(Refused) {
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
	if r.answer.Usage >= 0 {
		w.usage = r.answer.Usage
		w.metrics.usage.WithLabelValues(w.cfg.Dataset).Set(w.usage)
	}
	if d := rest(w.usage, took); d > 0 {
		w.resting = append(w.resting, r.ended.Add(d))
	}
}

// reached notes that Meta dealt with a batch, whatever it thought of the events: a trial or a park for setup is over.
func (w *window) reached(r *posted) {
	now := time.Now()
	probe := w.gate.state == parked && r.epoch == w.gate.epoch
	if probe && (w.gate.reason != Refused || r.answer.Class == capi.OK) {
		w.unpark()
	} else if w.gate.reached(r.epoch) {
		w.log.Info("lane posts again")
		w.metrics.throttle.WithLabelValues(w.cfg.Dataset).Set(0)
	}
	if d := r.answer.RetryAfter; d > 0 {
		w.gate.hold(now, d)
		w.metrics.throttle.WithLabelValues(w.cfg.Dataset).Set(d.Seconds())
	}
}

// pause stops the whole lane for a while: what failed goes behind the others, so that a batch that fails for itself does
// not keep them from going out.
func (w *window) pause(r *posted) {
	w.back(r.part)
	first := w.gate.failures == 0
	d := w.gate.pause(time.Now(), r.epoch, r.answer.Class, r.answer.RetryAfter)
	if d == 0 {
		return
	}
	w.metrics.throttle.WithLabelValues(w.cfg.Dataset).Set(d.Seconds())
	if first {
		w.log.Warn("lane pauses", append(r.answer.attrs(), "for", d)...)
	}
}

// park stops the lane until the probe succeeds.
func (w *window) park(r *posted, reason capi.SetupReason) {
	if !w.gate.park(time.Now(), r.epoch, reason, r.credentials) {
		return
	}
	w.metrics.setParked(w.cfg.Dataset, reason)
	w.metrics.throttle.WithLabelValues(w.cfg.Dataset).Set(0)
	w.log.Error("lane parked: a person must act; nothing is lost, it resumes by itself",
		append(r.answer.attrs(), "reason", string(reason))...)
}

func (w *window) unpark() {
	w.log.Info("lane resumes", "reason", string(w.gate.reason))
	w.gate.unpark()
	w.refusals = 0
	w.metrics.setParked(w.cfg.Dataset, "")
}

func (w *window) parkedFor(reason capi.SetupReason) bool {
	return w.gate.state == parked && w.gate.reason == reason
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
