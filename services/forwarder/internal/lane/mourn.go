package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// mournEvery keeps a flood of dead letters from becoming a flood of log lines.
const mournEvery = time.Minute

// mourning is what the log has not yet been told about a reason.
type mourning struct {
	told   time.Time
	events int
}

// mourn logs dead letters: the first of a reason at once, the others counted, once a minute.
func (w *window) mourn(j *job) {
	now := time.Now()
	for i := range j.events {
		v := j.verdict(i)
		if v.fate != fault.Dead {
			continue
		}
		m := w.mourned[v.reason]
		if m.events++; now.Sub(m.told) >= mournEvery {
			w.log.Warn("events are dead", "reason", string(v.reason), "detail", v.detail, "events", m.events)
			m = mourning{told: now}
		}
		w.mourned[v.reason] = m
	}
}
