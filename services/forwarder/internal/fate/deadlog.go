package fate

import (
	"log/slog"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// deadLogEvery keeps a flood of dead letters from becoming a flood of log lines.
const deadLogEvery = time.Minute

// deadLog logs dead events: the first of a reason at once, those after it in one line a minute with their number.
type deadLog struct {
	mu   sync.Mutex
	dead map[fault.Reason]unlogged
}

// unlogged is what the log has not been told about a reason.
type unlogged struct {
	logged time.Time // when the reason was logged last
	events int       // since then
}

func (l *deadLog) add(log *slog.Logger, r *Report, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range r.Events {
		e := r.Ending(i)
		if e.Fate != fault.Dead {
			continue
		}
		if l.dead == nil {
			l.dead = map[fault.Reason]unlogged{}
		}
		u := l.dead[e.Reason]
		if u.events++; now.Sub(u.logged) >= deadLogEvery {
			log.Warn("events are dead", "reason", string(e.Reason), "detail", e.Detail, "events", u.events)
			u = unlogged{logged: now}
		}
		l.dead[e.Reason] = u
	}
}
