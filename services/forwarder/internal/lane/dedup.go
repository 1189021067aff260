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
	ring []uint64 // hashes of the last size+1 records, oldest at next once it is full; 0: a record without name or id
	next int
	at   []slot // open addressing with linear probing: where in ring a hash was last
	used int    // of at
	seen uint32 // by touch
}

// slot holds the upper half of a hash, so that a search need not look into the ring, and 1 + its place there; 0: free.
type slot struct{ tag, place uint32 }

func tagOf(hash uint64) uint32 { return uint32(hash >> 32) }

// newMemory returns a memory of size records; nil for size 0, which remembers nothing.
func newMemory(size int) *memory {
	if size <= 0 {
		return nil
	}
	return &memory{seed: maphash.MakeSeed(), size: size, at: make([]slot, 64)}
}

// hash is that of an event; never 0.
func (m *memory) hash(name, id []byte) uint64 {
	if m == nil {
		return 1
	}
	// Two hashes, the first turned: the border between name and id counts.
	return max(1, bits.RotateLeft64(maphash.Bytes(m.seed, name), 32)*0x9e3779b97f4a7c15^maphash.Bytes(m.seed, id))
}

// touch reads the slots that the next records will need, so that the processor waits for all of them at once and not for
// one after the other. It changes nothing.
func (m *memory) touch(hashes []uint64) {
	if m == nil {
		return
	}
	mask, seen := len(m.at)-1, uint32(0)
	for i, hash := range hashes {
		seen ^= m.at[int(tagOf(hash))&mask].tag
		if at := m.next + i; len(m.ring) > m.size && at < len(m.ring) { // the record that will be forgotten for it
			seen ^= m.at[int(tagOf(m.ring[at]))&mask].tag
		}
	}
	m.seen = seen
}

// add notes the partition's next record and says whether one of the size records before it had the same hash.
func (m *memory) add(hash uint64) (seen bool) {
	if m == nil {
		return false
	}
	m.makeRoom()
	i := m.find(hash)
	if seen = m.at[i].place != 0; !seen {
		m.used++
	}
	m.at[i] = slot{tag: tagOf(hash), place: uint32(m.push(hash)) + 1} //nolint:gosec // a ring has far fewer places
	if 4*m.used > 3*len(m.at) {
		m.grow()
	}
	return seen
}

// skip notes a record that has no name or id to remember.
func (m *memory) skip() {
	if m != nil {
		m.makeRoom()
		m.push(0)
	}
}

// makeRoom forgets the record that is size+1 before the next one.
func (m *memory) makeRoom() {
	if len(m.ring) > m.size {
		m.forget(m.next)
	}
}

// push puts a hash into the ring, over the oldest if it is full, and returns its place.
func (m *memory) push(hash uint64) (place int) {
	place = m.next
	if len(m.ring) <= m.size {
		m.ring = append(m.ring, hash)
	} else {
		m.ring[place] = hash
	}
	if m.next++; m.next > m.size {
		m.next = 0
	}
	return place
}

// find returns the slot of a hash, or the free one where it belongs.
func (m *memory) find(hash uint64) int {
	mask, tag := len(m.at)-1, tagOf(hash)
	i := int(tag) & mask
	for {
		s := m.at[i]
		if s.place == 0 || (s.tag == tag && m.ring[s.place-1] == hash) {
			return i
		}
		i = (i + 1) & mask
	}
}

// forget frees the slot of the record at a place of the ring, unless the same hash came again since.
func (m *memory) forget(place int) {
	hash := m.ring[place]
	if hash == 0 {
		return
	}
	mask, tag := len(m.at)-1, tagOf(hash)
	i := int(tag) & mask
	for int(m.at[i].place)-1 != place {
		if m.at[i].place == 0 {
			return
		}
		i = (i + 1) & mask
	}
	// What stands behind it moves up as far as it may, so that no search meets a gap.
	for next := (i + 1) & mask; m.at[next].place != 0; next = (next + 1) & mask {
		if home := int(m.at[next].tag) & mask; (next-home)&mask >= (next-i)&mask {
			m.at[i] = m.at[next]
			i = next
		}
	}
	m.at[i] = slot{}
	m.used--
}

// grow doubles the slots: a partition with few records needs few.
func (m *memory) grow() {
	old := m.at
	m.at = make([]slot, 2*len(old))
	for _, s := range old {
		if s.place != 0 {
			m.at[m.find(m.ring[s.place-1])] = s
		}
	}
}
