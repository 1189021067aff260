package gate

import (
	"log/slog"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Config is what a gate is made of.
type Config struct {
	Dataset     string
	InFlight    int           // POSTs at a time while the gate is open
	Credentials func() uint64 // changes when the token or the app secret does; it may look at files
	Usage       *Usage        // what is known of Meta's limits; nil: nothing yet
	Metrics     *Metrics
	Log         *slog.Logger
}

type state int

const (
	open state = iota
	paused
	trial
	parked
)

// Gate is shared by all posters of a lane. Only the lane's loop calls it.
type Gate struct {
	cfg      Config
	state    state
	until    time.Time // paused: the end of the pause; parked: the next probe
	failures int       // pauses in a row
	epoch    int       // counts changes of state

	reason  capi.SetupReason // parked: why
	refused uint64           // parked: the credentials that were refused
	look    time.Time        // parked: when to look at the credentials again

	usage *Usage
}

// New returns an open gate.
func New(cfg Config) *Gate {
	g := &Gate{cfg: cfg, usage: cfg.Usage}
	if g.usage == nil {
		g.usage = &Usage{}
	}
	return g
}

// Ticket is taken when a POST begins and given back with its answer: an answer to a POST that began before the gate's last
// change says nothing new.
type Ticket struct {
	epoch       int
	credentials uint64
}

// Ticket returns one for a POST that begins now.
func (g *Gate) Ticket() Ticket { return Ticket{epoch: g.epoch, credentials: g.cfg.Credentials()} }

// Free is how many more POSTs may begin while out of them are running; it may be negative.
func (g *Gate) Free(now time.Time, out int) int {
	resting := g.usage.resting(now)
	free := g.width(now) - out
	if g.state != open {
		return free // a trial or a probe does not wait for rests
	}
	if now.Before(g.usage.next()) {
		return min(0, free)
	}
	return free - resting
}

// Small says whether the next POST may be one of a batch that is not full: near Meta's limits such batches wait longer than
// others, and grow.
func (g *Gate) Small(now time.Time) bool {
	return g.state != open || !now.Before(g.usage.nextSmall())
}

// Slowed says whether the lane is so near Meta's limits that it makes fewer POSTs.
func (g *Gate) Slowed() bool { return g.state == open && g.usage.slowed() }

// Began tells the gate that a POST begins; small: of a batch that is not full.
func (g *Gate) Began(now time.Time, small bool) { g.usage.begin(now, small) }

// Due tells the gate that a batch has waited as long as it should and is not full; crowded: further events wait for room, so
// that what is held back decides how many batches there are.
func (g *Gate) Due(now time.Time, crowded bool) {
	if crowded {
		g.usage.small.last = time.Time{} // else the lane would become slower and slower
		return
	}
	g.usage.small.add(now)
}

// width is how many POSTs may run at a time. The end of a pause makes it a trial.
func (g *Gate) width(now time.Time) int {
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
		return 1 // the probe; it waits for POSTs that are still running, since they count
	}
	return g.cfg.InFlight
}

// Used tells the gate the usage figure of an answer (1: the limit; negative: there was none) and lets its poster rest from
// the POST's end on, in proportion to the time it took.
func (g *Gate) Used(figure float64, took time.Duration, ended time.Time) {
	if figure >= 0 {
		g.usage.figure = figure
		g.cfg.Metrics.usage.WithLabelValues(g.cfg.Dataset).Set(figure)
	}
	g.usage.rest(took, ended)
}

// Times calls each with every time at which the gate changes by itself, past ones among them.
func (g *Gate) Times(each func(time.Time)) {
	for _, t := range g.usage.rests {
		each(t)
	}
	each(g.usage.next())
	each(g.usage.nextSmall())
	switch g.state {
	case paused:
		each(g.until)
	case parked:
		each(g.until)
		each(g.look)
	}
}

// Close takes the gate's state off the metrics: a lane that does not run is neither parked nor paused.
func (g *Gate) Close() {
	g.cfg.Metrics.showParked(g.cfg.Dataset, capi.NoReason)
	g.cfg.Metrics.showPause(g.cfg.Dataset, 0)
}

func (g *Gate) become(s state) {
	g.state = s
	g.epoch++
}
