package gate

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Reached tells the gate of an answer by which Meta dealt with a batch, whatever it thought of the events: a trial is over,
// and so is a park; one for refusals only if Meta took the batch. It says whether a park is over. A Retry-After beside such
// an answer pauses the gate.
func (g *Gate) Reached(now time.Time, t Ticket, class capi.Class, retryAfter time.Duration) (unparked bool) {
	unparked = g.Probe(t) && (g.reason != Refused || class == capi.OK)
	if unparked {
		g.unpark()
	} else if g.endTrial(t) {
		g.cfg.Log.Info("lane posts again")
		g.cfg.Metrics.showPause(g.cfg.Dataset, 0)
	}
	if retryAfter > 0 {
		g.hold(now, retryAfter)
	}
	return unparked
}

func (g *Gate) unpark() {
	g.cfg.Log.Info("lane resumes", "reason", string(g.reason))
	g.failures = 0
	g.reason = capi.NoReason
	g.become(open)
	g.cfg.Metrics.showParked(g.cfg.Dataset, capi.NoReason)
}

// endTrial ends a row of failures, and says whether that opened the gate.
func (g *Gate) endTrial(t Ticket) bool {
	if t.epoch != g.epoch {
		return false
	}
	g.failures = 0
	if g.state != trial {
		return false
	}
	g.become(open)
	return true
}
