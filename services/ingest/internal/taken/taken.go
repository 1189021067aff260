// Package taken remembers which signed requests of a source were stored. Most schemes sign no time: who has recorded such a
// request could send it again at any time, and beyond the forwarder's memory of ids its events would be delivered twice.
// Package httpapi asks it for each request that a signature proves. It refuses to keep anything on disk: after a start nothing
// is remembered, and each ingest remembers its own.
package taken

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// Remembered is how many requests a source's memory holds; the oldest are forgotten first. It takes about 2 MB.
	Remembered = 20_000
	// Retries is how often a request is stored again: senders repeat what they got no answer to.
	Retries = 10
	// Late is how long after the first time it is.
	Late = time.Hour
)

// Sum tells requests apart.
type Sum [16]byte

// SumOf is that of a body as it was signed.
func SumOf(body []byte) Sum {
	whole := sha256.Sum256(body)
	return Sum(whole[:len(Sum{})])
}

// Memory is what one source's requests were. The zero value is ready; nil remembers nothing. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	at    map[Sum]int // in order
	order []request   // a ring, once it is full
	next  int
}

type request struct {
	sum   Sum
	first time.Time
	times int
}

// Repeats says whether a request was stored before, too long ago or too often for a sender's own retry: it is not to be stored
// again. It counts the request.
func (m *Memory) Repeats(sum Sum, now time.Time) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i, known := m.at[sum]
	if !known {
		return false
	}
	r := &m.order[i]
	r.times++
	return r.times > Retries || now.Sub(r.first) >= Late
}

// Stored remembers a request that is on Kafka.
func (m *Memory) Stored(sum Sum, now time.Time) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.at[sum]; known {
		return
	}
	if m.at == nil {
		m.at = map[Sum]int{}
	}
	if len(m.order) < Remembered {
		m.at[sum] = len(m.order)
		m.order = append(m.order, request{sum: sum, first: now})
		return
	}
	delete(m.at, m.order[m.next].sum)
	m.at[sum] = m.next
	m.order[m.next] = request{sum: sum, first: now}
	m.next = (m.next + 1) % Remembered
}
