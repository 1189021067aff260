package gate

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// While parked the credentials are looked at every credentialsEvery. A probe goes out at once when they changed, else every
// probeEvery. A block by policy is probed rarely: trying more often makes it worse.
const (
	credentialsEvery  = 2 * time.Second
	probeEvery        = 30 * time.Second
	probeBlockedEvery = 30 * time.Minute
)

func probeInterval(r capi.SetupReason) time.Duration {
	if r == capi.Blocked {
		return probeBlockedEvery
	}
	return probeEvery
}

// Park stops all POSTs until a probe succeeds; while parked it sets the time of the next one. Facts are logged: of an answer
// only what may be.
func (g *Gate) Park(now time.Time, t Ticket, reason capi.SetupReason, facts ...any) {
	if g.state == parked && t.epoch != g.epoch {
		return // the POST began before the gate was parked
	}
	news := g.state != parked || g.reason != reason
	g.reason, g.refused = reason, t.credentials
	g.until = now.Add(probeInterval(reason))
	g.look = now // at once: the files may have changed while the refused POST was running
	g.become(parked)
	if news {
		g.cfg.Metrics.showParked(g.cfg.Dataset, reason)
		g.cfg.Metrics.showPause(g.cfg.Dataset, 0)
		g.cfg.Log.Error("lane parked: a person must act; nothing is lost, it resumes by itself",
			append(facts, "reason", string(reason))...)
	}
}

// ParkedFor says whether the gate is parked for a reason.
func (g *Gate) ParkedFor(reason capi.SetupReason) bool {
	return g.state == parked && g.reason == reason
}

// Probe says whether the POST of a ticket is the probe of a parked gate.
func (g *Gate) Probe(t Ticket) bool { return g.state == parked && t.epoch == g.epoch }

// LookAtCredentials sends the probe of a parked gate at once if the credentials have changed. It looks at them only when it
// is time to.
func (g *Gate) LookAtCredentials(now time.Time) {
	if g.state != parked || now.Before(g.look) {
		return
	}
	g.look = now.Add(credentialsEvery)
	if v := g.cfg.Credentials(); v != g.refused {
		g.refused, g.until = v, now
	}
}
