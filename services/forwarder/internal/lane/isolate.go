package lane

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// maxRefusals is how many events in a row may be refused alone, for no known fault of theirs, before the lane parks.
const maxRefusals = 20

// isolate splits a batch of which something failed; what fails alone is dead. Every split is one more node of a binary
// tree, so n events cost at most 2n-1 posts, however many are bad.
func (w *window) isolate(r *posted, reason fault.Reason) {
	w.reached(r)
	if w.gate.ParkedFor(gate.Refused) && !r.answer.EventFault {
		w.probeRefused(r)
		return
	}
	if len(r.part.Events) > 1 {
		w.front(split(r.part, r.answer.EventIndex)...)
		return
	}
	w.finish(r, event.Ending{Fate: fault.Dead, Reason: reason, Detail: detail(&r.answer, reason)})
	if r.answer.EventFault {
		return
	}
	if w.refusals++; w.refusals >= maxRefusals {
		w.park(r, gate.Refused)
	}
}

// probeRefused goes on looking for an event that Meta takes, one POST at a time: a refusal of many proves nothing, so the
// batch is halved and asked again at once; an event refused alone is kept and goes behind the others until the next probe.
func (w *window) probeRefused(r *posted) {
	probe := w.gate.Probe(r.ticket)
	if len(r.part.Events) > 1 {
		w.front(split(r.part, r.answer.EventIndex)...)
		return
	}
	w.back(r.part)
	if probe {
		w.park(r, gate.Refused)
	}
}

// split returns the event that Meta named and the others, else two halves.
func split(p *part, named int) []*part {
	n := len(p.Events)
	if named >= 0 && named < n {
		rest := slices.Concat(p.Events[:named], p.Events[named+1:])
		return []*part{newPart(p.Events[named:named+1], p), newPart(rest, p)}
	}
	return []*part{newPart(p.Events[:n/2], p), newPart(p.Events[n/2:], p)}
}

// detail says which code, and which field where Meta's answer names one: never its text.
func detail(a *Answer, reason fault.Reason) string {
	if reason == fault.Partial || reason == fault.Oversize {
		return ""
	}
	switch code := a.Detail(); {
	case a.BlameField == "":
		return code
	case code == "":
		return a.BlameField
	default:
		return code + " " + a.BlameField
	}
}
