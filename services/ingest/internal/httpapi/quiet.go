package httpapi

import (
	"sync"
	"time"
)

// quietFor is how long the same is not said again in the log.
const quietFor = time.Minute

// quiet has each of a closed list of things said once a minute.
type quiet[K comparable] struct {
	mu   sync.Mutex
	said map[K]*saying
}

type saying struct {
	at   time.Time
	more int // since then
}

// say decides whether something is said, and returns how often it was not since the last time.
func (q *quiet[K]) say(now time.Time, what K) (more int, say bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.said == nil {
		q.said = map[K]*saying{}
	}
	last := q.said[what]
	if last == nil {
		q.said[what] = &saying{at: now}
		return 0, true
	}
	if now.Sub(last.at) < quietFor {
		last.more++
		return 0, false
	}
	more, *last = last.more, saying{at: now}
	return more, true
}
