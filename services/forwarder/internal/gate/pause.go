package gate

import (
	"math/rand/v2"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// A pause has full jitter: it is random between 0 and min(most, first·2^n) after n pauses in a row. One for a throttle is
// longer than one for a transient fault.
const (
	transientFirst = time.Second
	transientMost  = time.Minute
	throttleFirst  = 2 * time.Second
	throttleMost   = 5 * time.Minute
	retryAfterMost = time.Hour // a longer Retry-After is taken for this
)

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
	d := max(jitter(class, g.failures), retryAfter)
	g.failures++
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

func jitter(class capi.Class, failures int) time.Duration {
	first, most := transientFirst, transientMost
	if class == capi.Throttle {
		first, most = throttleFirst, throttleMost
	}
	top := most
	if failures < 16 {
		top = min(most, first<<failures)
	}
	return rand.N(top + 1)
}
