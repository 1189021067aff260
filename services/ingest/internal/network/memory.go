package network

import (
	"hash/maphash"
	"sync"
	"time"
)

// Memory remembers what a network showed, as a keyed hash, for one to two times as long as it says; when there is no room the older
// half goes first. It is safe for concurrent use.
type Memory struct {
	keeps time.Duration
	room  int
	seed  maphash.Seed

	mu         sync.RWMutex
	young, old map[uint64]struct{}
	turned     time.Time
}

// NewMemory returns a memory of nothing.
func NewMemory(keeps time.Duration) *Memory {
	return &Memory{keeps: keeps, room: Remembered, seed: maphash.MakeSeed(), young: map[uint64]struct{}{}, old: map[uint64]struct{}{}}
}

// shown is what is hashed.
type shown struct {
	network    Network
	what, text string
}

// Remember notes what a network showed.
func (m *Memory) Remember(now time.Time, n Network, what, text string) {
	sum := maphash.Comparable(m.seed, shown{n, what, text})
	m.mu.RLock()
	_, fresh := m.young[sum]
	fresh = fresh && now.Sub(m.turned) < m.keeps
	m.mu.RUnlock()
	if fresh {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now)
	if len(m.young) >= m.room/2 {
		m.old, m.young, m.turned = m.young, map[uint64]struct{}{}, now
	}
	m.young[sum] = struct{}{}
}

// Knows says whether a network showed it lately.
func (m *Memory) Knows(now time.Time, n Network, what, text string) bool {
	sum := maphash.Comparable(m.seed, shown{n, what, text})
	m.mu.RLock()
	defer m.mu.RUnlock()
	_, young := m.young[sum]
	_, old := m.old[sum]
	switch since := now.Sub(m.turned); {
	case since < m.keeps:
		return young || old
	case since < 2*m.keeps:
		return young
	}
	return false
}

// turn forgets what is too old.
func (m *Memory) turn(now time.Time) {
	switch since := now.Sub(m.turned); {
	case since < m.keeps:
		return
	case since < 2*m.keeps:
		m.old, m.young = m.young, map[uint64]struct{}{}
	default:
		m.old, m.young = map[uint64]struct{}{}, map[uint64]struct{}{}
	}
	m.turned = now
}
