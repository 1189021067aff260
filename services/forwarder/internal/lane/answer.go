package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// maxUnknown is how often a batch is tried whose answer is in no table, before it is isolated like an invalid one.
const maxUnknown = 3

// answers does what Meta's answers ask for.
type answers struct {
	dataset   string
	queue     *queue
	settler   *settler
	gate      *gate.Gate
	isolation *isolation
	refusals  *refusals
	metrics   *Metrics
}

// handle settles what was posted, puts it back into the queue, or splits it.
func (a *answers) handle(p *posted) {
	if p.answer.Aborted {
		a.queue.front(p.part)
		return
	}
	crashpoint.Reach(crashpoint.ForwarderAnswered)
	a.observe(p)
	switch p.answer.Class {
	case capi.OK:
		a.refusals.inRow = 0
		a.reached(p)
		a.settler.settle(p.settlement(event.Ending{Fate: fault.Delivered}))
	case capi.Partial:
		a.isolate(p, fault.Partial)
	case capi.Setup:
		a.queue.front(p.part)
		a.gate.Park(time.Now(), p.ticket, p.answer.Setup, p.answer.facts()...)
	case capi.Invalid:
		a.isolate(p, fault.Refused)
	case capi.TooLarge:
		a.isolate(p, fault.Oversize)
	case capi.Unknown:
		if p.part.unknown++; p.part.unknown < maxUnknown && !a.gate.ParkedFor(gate.Refused) {
			a.pause(p)
			return
		}
		a.isolate(p, fault.UnknownCode)
	default: // transient, throttle
		a.pause(p)
	}
}

// observe counts a POST and tells the gate its usage figure.
func (a *answers) observe(p *posted) {
	took := p.ended.Sub(p.started)
	a.metrics.request.WithLabelValues(a.dataset, string(p.answer.Class)).Observe(took.Seconds())
	a.metrics.batch.Observe(float64(len(p.part.Events)))
	a.gate.Used(p.answer.Usage, took, p.ended)
}

// reached tells the gate that Meta dealt with a batch.
func (a *answers) reached(p *posted) {
	if a.gate.Reached(time.Now(), p.ticket, p.answer.Class, p.answer.RetryAfter) {
		a.refusals.inRow = 0
	}
}

// pause puts what failed behind the others, so that a batch that fails for its own sake does not keep them from going out.
func (a *answers) pause(p *posted) {
	a.queue.back(p.part)
	a.gate.Pause(time.Now(), p.ticket, p.answer.Class, p.answer.RetryAfter, p.answer.facts()...)
}

func (a *answers) isolate(p *posted, reason fault.Reason) {
	a.reached(p)
	a.isolation.isolate(p, reason)
}
