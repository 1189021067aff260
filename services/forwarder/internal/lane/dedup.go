package lane

import (
	"hash/maphash"
	"math/bits"
)

// memory knows the name and id of the last records of one partition. It keeps 64-bit hashes, not texts: with n records
// remembered, a new event is taken for a known one with probability n/2^64 (1e-15 at 20 000).
type memory struct {
	seed maphash.Seed
	size int
	ring []uint64 // hashes of the last size records, oldest at next once it is full; 0: a record without name or id
	next int
	at   []uint32 // open addressing with linear probing: 1 + where in ring a hash was last; 0: free
	used int      // of at
}

// newMemory returns a memory of size records; nil for size 0, which remembers nothing.
func newMemory(size int) *memory {
	if size <= 0 {
		return nil
	}
	return &memory{seed: maphash.MakeSeed(), size: size, at: make([]uint32, 64)}
}

// add notes the partition's next record and says whether one of the size records before it had the same name and id.
func (m *memory) add(name, id []byte) (seen bool) {
	if m == nil {
		return false
	}
	// Two hashes, the first turned: the border between name and id counts.
	hash := max(1, bits.RotateLeft64(maphash.Bytes(m.seed, name), 32)*0x9e3779b97f4a7c15^maphash.Bytes(m.seed, id))
	slot := m.find(hash)
	seen = m.at[slot] != 0
	place := m.push(hash)
	if !seen || m.at[slot] == 0 || m.ring[m.at[slot]-1] != hash {
		slot = m.find(hash) // the oldest record went, and others may have moved into its slot
	}
	if m.at[slot] == 0 {
		m.used++
	}
	m.at[slot] = uint32(place) + 1 //nolint:gosec // a ring has far fewer places than 2^32
	if 4*m.used > 3*len(m.at) {
		m.grow()
	}
	return seen
}

// skip notes a record that has no name or id to remember.
func (m *memory) skip() {
	if m != nil {
		m.push(0)
	}
}

// push puts a hash into the ring, over the oldest if it is full, and returns its place.
func (m *memory) push(hash uint64) (place int) {
	place = m.next
	if len(m.ring) < m.size {
		m.ring = append(m.ring, hash)
	} else {
		m.forget(place)
		m.ring[place] = hash
	}
	if m.next++; m.next == m.size {
		m.next = 0
	}
	return place
}

// find returns the slot of a hash, or the free one where it belongs.
func (m *memory) find(hash uint64) int {
	mask := len(m.at) - 1
	slot := m.home(hash)
	for m.at[slot] != 0 && m.ring[m.at[slot]-1] != hash {
		slot = (slot + 1) & mask
	}
	return slot
}

func (m *memory) home(hash uint64) int { return int(hash & uint64(len(m.at)-1)) } //nolint:gosec // below len

// forget frees the slot of the record at a place of the ring, unless the same hash came again since.
func (m *memory) forget(place int) {
	hash := m.ring[place]
	if hash == 0 {
		return
	}
	slot := m.find(hash)
	if int(m.at[slot])-1 != place {
		return
	}
	// What stands behind it moves up as far as it may, so that no search meets a gap.
	mask := len(m.at) - 1
	for next := (slot + 1) & mask; m.at[next] != 0; next = (next + 1) & mask {
		if home := m.home(m.ring[m.at[next]-1]); (next-home)&mask >= (next-slot)&mask {
			m.at[slot] = m.at[next]
			slot = next
		}
	}
	m.at[slot] = 0
	m.used--
}

// grow doubles the slots: a partition with few records needs few.
func (m *memory) grow() {
	old := m.at
	m.at = make([]uint32, 2*len(old))
	for _, place := range old {
		if place != 0 {
			m.at[m.find(m.ring[place-1])] = place
		}
	}
}
