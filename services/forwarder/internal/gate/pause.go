package gate

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/capi"
)

// A throttle pauses longer than a transient fault.
var (
	transientPauses = backoff.Pauses{Min: time.Second, Max: time.Minute, Jitter: true}
	throttlePauses  = backoff.Pauses{Min: 2 * time.Second, Max: 5 * time.Minute, Jitter: true}
)

const retryAfterMost = time.Hour // a longer Retry-After is taken for this

// Pause stops all POSTs after a transient fault or a throttle and returns for how long; 0 if the answer is to a POST that
// began before the last change, since that counts as the same failure, or if the gate is parked. Facts are logged: of an
// answer only what may be.
func (g *Gate) Pause(now time.Time, t Ticket, class capi.Class, retryAfter time.Duration, facts ...any) time.Duration {
	retryAfter = min(retryAfter, retryAfterMost)
	if t.epoch != g.epoch {
		if g.state == paused && now.Add(retryAfter).After(g.until) {
			g.until = now.Add(retryAfter)
		}
		return 0
	}
	g.failures++
	d := max(pausesOf(class).After(g.failures), retryAfter)
	if g.state == parked { // a probe that failed so proves nothing about the setup
		g.until = now.Add(min(d, probeInterval(g.reason)))
		return 0
	}
	g.until = now.Add(d)
	g.become(paused)
	if d > 0 {
		g.cfg.Metrics.showPause(g.cfg.Dataset, d)
		if g.failures == 1 {
			g.cfg.Log.Warn("lane pauses", append(facts, "for", d)...)
		}
	}
	return d
}

// hold stops all POSTs because an answer that was otherwise good asked to wait.
func (g *Gate) hold(now time.Time, d time.Duration) {
	g.cfg.Metrics.showPause(g.cfg.Dataset, d)
	if g.state == parked {
		return
	}
	if at := now.Add(min(d, retryAfterMost)); g.state != paused || at.After(g.until) {
		g.until = at
	}
	g.become(paused)
}

func pausesOf(class capi.Class) backoff.Pauses {
	if class == capi.Throttle {
		return throttlePauses
	}
	return transientPauses
}
