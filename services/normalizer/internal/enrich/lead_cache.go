package enrich

import (
	"sync"
	"time"
)

// The cache is for repeats: a webhook sent twice, a chunk read again after a rebalance. Answers are personal data in
// clear, so they are kept no longer than repeats need.
const (
	cacheSize = 4096
	cacheFor  = 10 * time.Minute
)

// leadCache keeps the answers of the newest leads.
type leadCache struct {
	mu    sync.Mutex
	known map[string]cached
	order []string // oldest first; a lead that was kept again stands twice
}

type cached struct {
	answers *Answers
	until   time.Time
}

func (c *leadCache) get(lead string, now time.Time) (*Answers, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.known[lead]
	if !ok || !now.Before(k.until) {
		return nil, false
	}
	return k.answers, true
}

// put keeps answers, and removes leads that are too old or too many.
func (c *leadCache) put(lead string, a *Answers, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[string]cached{}
	}
	c.known[lead] = cached{a, now.Add(cacheFor)}
	c.order = append(c.order, lead)
	for len(c.order) > 0 {
		oldest, ok := c.known[c.order[0]]
		if ok && now.Before(oldest.until) && len(c.order) <= cacheSize {
			return
		}
		delete(c.known, c.order[0])
		c.order = c.order[1:]
	}
}
