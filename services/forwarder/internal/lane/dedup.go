package lane

import (
	"hash/maphash"
	"math/bits"
)

// memory knows the name and id of the last records of one partition. It keeps 64-bit hashes, not texts: with n records
// remembered, a new event is taken for a known one with probability n/2^64 (1e-15 at 20 000). Records are numbered, and
// those whose hashes are alike in their low bits are linked, the newest first: a search ends at the first one that is too
// old, so that nothing ever has to be taken out.
type memory struct {
	seed maphash.Seed
	size uint32
	next uint32   // number of the next record; numbers wrap around
	ring []noted  // the last records, by their number's low bits
	last []uint32 // by the low bits of hashes: number of the newest record
	seen uint64   // by touch
}

// noted is a record's hash, 0 for one without name or id, and the number of the one before it in its list.
type noted struct {
	hash   uint64
	before uint32
}

// firstRing is where a ring begins to grow: a partition with few records needs few.
const firstRing = 64

// newMemory returns a memory of size records; nil for size 0, which remembers nothing.
func newMemory(size int) *memory {
	if size <= 0 {
		return nil
	}
	return &memory{
		seed: maphash.MakeSeed(), size: uint32(min(size, 1<<30)), //nolint:gosec // bounded
		ring: make([]noted, firstRing), last: make([]uint32, firstRing),
	}
}

// hash is that of an event; never 0.
func (m *memory) hash(name, id []byte) uint64 {
	if m == nil {
		return 1
	}
	// Two hashes, the first turned: the border between name and id counts.
	return max(1, bits.RotateLeft64(maphash.Bytes(m.seed, name), 32)*0x9e3779b97f4a7c15^maphash.Bytes(m.seed, id))
}

// touch reads what the search for the next records will need, so that the processor waits for all of it at once and not
// for one after the other. It changes nothing.
func (m *memory) touch(hashes []uint64) {
	if m == nil {
		return
	}
	seen := uint64(0)
	for _, hash := range hashes {
		newest := m.last[hash&uint64(len(m.last)-1)]
		if m.next-newest <= m.size {
			seen ^= m.ring[newest&uint32(len(m.ring)-1)].hash //nolint:gosec // a ring has at most 2^31 places
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
	newest := &m.last[hash&uint64(len(m.last)-1)]
	before := *newest
	// How long ago each was. It must rise: else the list has ended, and its last number means a later record by now.
	for ago, least := m.next-before, uint32(1); least <= ago && ago <= m.size; ago = m.next - before {
		e := &m.ring[before&uint32(len(m.ring)-1)] //nolint:gosec // a ring has at most 2^31 places
		if seen = e.hash == hash; seen {
			break
		}
		before, least = e.before, ago+1
	}
	m.push(noted{hash: hash, before: *newest})
	*newest = m.next - 1
	return seen
}

// skip notes a record that has no name or id to remember.
func (m *memory) skip() {
	if m != nil {
		m.makeRoom()
		m.push(noted{})
	}
}

func (m *memory) push(e noted) {
	m.ring[m.next&uint32(len(m.ring)-1)] = e //nolint:gosec // a ring has at most 2^31 places
	m.next++
}

// makeRoom doubles a ring that is full of records which are not too old.
func (m *memory) makeRoom() {
	full := uint32(len(m.ring)) //nolint:gosec // a ring has at most 2^31 places
	if m.next != full || full >= m.size {
		return
	}
	known := m.ring
	m.ring, m.last, m.next = make([]noted, 2*full), make([]uint32, 2*full), 0
	for i := range known {
		if hash := known[i].hash; hash == 0 {
			m.push(noted{})
		} else {
			newest := &m.last[hash&uint64(len(m.last)-1)]
			m.push(noted{hash: hash, before: *newest})
			*newest = m.next - 1
		}
	}
}
