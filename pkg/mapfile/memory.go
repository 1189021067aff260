package mapfile

import "hash/maphash"

// remembered is how many texts a memory holds: enough for files that are nearly sorted, bounded for those that are endless.
const remembered = 1 << 16

// memory counts the last texts that were added to it, by their hashes.
type memory struct {
	seed  maphash.Seed
	times map[uint64]int
	ring  []uint64
	at    int
}

// count is how often a text was added lately.
func (m *memory) count(text []byte) int {
	if m.times == nil {
		return 0
	}
	return m.times[maphash.Bytes(m.seed, text)]
}

func (m *memory) add(text []byte) {
	if m.times == nil {
		m.times, m.seed = make(map[uint64]int), maphash.MakeSeed()
	}
	h := maphash.Bytes(m.seed, text)
	if len(m.ring) < remembered {
		m.ring = append(m.ring, h)
	} else {
		m.forget(m.ring[m.at])
		m.ring[m.at] = h
		m.at = (m.at + 1) % remembered
	}
	m.times[h]++
}

func (m *memory) forget(h uint64) {
	if m.times[h]--; m.times[h] <= 0 {
		delete(m.times, h)
	}
}
