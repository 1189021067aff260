package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// maxRefusals is how many events in a row may be refused alone, for no known fault of theirs, before the lane parks.
const maxRefusals = 20

// refusals counts them. A rebalance does not begin the row anew.
type refusals struct{ inRow int }

// isolation finds the events for which Meta refuses a batch.
type isolation struct {
	queue    *queue
	settler  *settler
	gate     *gate.Gate
	refusals *refusals
}

// isolate splits a batch that failed; an event that fails alone is dead for a reason. The splits of n events are the inner
// nodes of a binary tree, so they cost at most 2n-1 POSTs, however many events are bad.
func (i *isolation) isolate(p *posted, reason fault.Reason) {
	if i.gate.ParkedFor(gate.Refused) && !p.answer.EventFault {
		i.probe(p)
		return
	}
	if len(p.part.Events) > 1 {
		i.queue.front(p.part.split(p.answer.EventIndex)...)
		crashpoint.Reach(crashpoint.ForwarderIsolating)
		return
	}
	i.settler.settle(p.settlement(event.Ending{Fate: fault.Dead, Reason: reason, Detail: detail(&p.answer, reason)}))
	if p.answer.EventFault {
		return
	}
	if i.refusals.inRow++; i.refusals.inRow >= maxRefusals {
		i.park(p)
	}
}

// probe looks for an event that Meta takes while the lane is parked for refusals, one POST at a time. That many events are
// refused together proves nothing: they are halved and posted again at once. An event that is refused alone is kept, and
// goes behind the others until the next probe.
func (i *isolation) probe(p *posted) {
	if len(p.part.Events) > 1 {
		i.queue.front(p.part.split(p.answer.EventIndex)...)
		return
	}
	i.queue.back(p.part)
	if i.gate.Probe(p.ticket) {
		i.park(p)
	}
}

func (i *isolation) park(p *posted) {
	i.gate.Park(time.Now(), p.ticket, gate.Refused, p.answer.facts()...)
}

// detail is the code of a refusal, and the field that Meta's answer names; never the answer's text.
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
