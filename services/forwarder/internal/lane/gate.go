package lane

import (
	"math/rand/v2"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Full jitter: rand(0, min(most, first·2^n)). A throttle starts higher and may last longer than a fault.
const (
	transientFirst = time.Second
	transientMost  = time.Minute
	throttleFirst  = 2 * time.Second
	throttleMost   = 5 * time.Minute
	retryAfterMost = time.Hour // a longer Retry-After is taken for this
)

type state int

const (
	open   state = iota
	paused       // nobody posts until a time
	trial        // after a pause: one poster, until Meta takes something
	parked       // nobody posts but the probe
)

// gate is what all posters of a lane share: how many may post now. It has no clock and no goroutine of its own.
type gate struct {
	state    state
	until    time.Time // paused: its end; parked: the next probe
	failures int       // pauses in a row
	epoch    int       // counts changes: an answer to a post begun before the last change says nothing new
	reason   capi.SetupReason
	version  uint64    // of the credentials that were refused
	look     time.Time // parked: when to look at the credentials again
}

// width is how many posts may be in flight.
func (g *gate) width(now time.Time, inFlight int) int {
	switch g.state {
	case paused:
		if now.Before(g.until) {
			return 0
		}
		g.become(trial)
		return 1
	case trial:
		return 1
	case parked:
		if now.Before(g.until) {
			return 0
		}
		return 1 // the probe; it waits for posts that are still out, since they count
	}
	return inFlight
}

// pause stops everybody after a transient or throttled answer, and returns for how long; 0: a sibling's answer did already.
func (g *gate) pause(now time.Time, epoch int, class capi.Class, retryAfter time.Duration) time.Duration {
	retryAfter = min(retryAfter, retryAfterMost)
	if epoch != g.epoch {
		if g.state == paused && now.Add(retryAfter).After(g.until) {
			g.until = now.Add(retryAfter)
		}
		return 0
	}
	d := max(jitter(class, g.failures), retryAfter)
	g.failures++
	if g.state == parked { // a failed probe proves nothing about the setup
		g.until = now.Add(min(d, probeInterval(g.reason)))
		return 0
	}
	g.until = now.Add(d)
	g.become(paused)
	return d
}

// hold stops everybody because an answer that was otherwise good asked to wait.
func (g *gate) hold(now time.Time, d time.Duration) {
	if g.state == parked {
		return
	}
	if at := now.Add(min(d, retryAfterMost)); g.state != paused || at.After(g.until) {
		g.until = at
	}
	g.become(paused)
}

// reached notes that Meta dealt with a batch, and says whether the gate opened by that.
func (g *gate) reached(epoch int) bool {
	if epoch != g.epoch {
		return false
	}
	g.failures = 0
	if g.state != trial {
		return false
	}
	g.become(open)
	return true
}

// park stops everybody until the probe succeeds, and says whether the reason is news.
func (g *gate) park(now time.Time, epoch int, reason capi.SetupReason, version uint64) bool {
	if g.state == parked && epoch != g.epoch {
		return false // begun before the lane parked
	}
	news := g.state != parked || g.reason != reason
	g.reason, g.version = reason, version
	g.until = now.Add(probeInterval(reason))
	g.look = now // at once: the file may have changed while the refused post was out
	g.become(parked)
	return news
}

// watch looks at the credentials' version if it is time, and lets the probe go at once when it changed.
func (g *gate) watch(now time.Time, version func() uint64) {
	if g.state != parked || now.Before(g.look) {
		return
	}
	g.look = now.Add(tokenLook)
	if v := version(); v != g.version {
		g.version, g.until = v, now
	}
}

// unpark opens the gate after a good probe.
func (g *gate) unpark() {
	g.failures = 0
	g.reason = capi.NoReason
	g.become(open)
}

func (g *gate) become(s state) {
	g.state = s
	g.epoch++
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
