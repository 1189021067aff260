package lane

import "hash/maphash"

// memory knows the name and id of the last records of one partition. It keeps 64-bit hashes, not texts: with n records
// remembered, a new event is taken for a known one with probability n/2^64 (1e-15 at 20 000).
type memory struct {
	seed  maphash.Seed
	size  int
	ring  []entry // the last size records, oldest at next once it is full
	next  int
	count map[uint64]int32 // how often a hash is in the ring
}

// entry is one record; known is false for one that had no name or id.
type entry struct {
	hash  uint64
	known bool
}

// newMemory returns a memory of size records; nil for size 0, which remembers nothing.
func newMemory(size int) *memory {
	if size <= 0 {
		return nil
	}
	return &memory{seed: maphash.MakeSeed(), size: size, count: map[uint64]int32{}}
}

// add notes the partition's next record and says whether one of the size records before it had the same name and id.
func (m *memory) add(name, id []byte) (seen bool) {
	if m == nil {
		return false
	}
	var h maphash.Hash
	h.SetSeed(m.seed)
	_, _ = h.Write(name)
	_ = h.WriteByte(0)
	_, _ = h.Write(id)
	e := entry{hash: h.Sum64(), known: true}
	seen = m.count[e.hash] > 0
	m.push(e)
	return seen
}

// skip notes a record that has no name or id to remember.
func (m *memory) skip() {
	if m != nil {
		m.push(entry{})
	}
}

func (m *memory) push(e entry) {
	if len(m.ring) < m.size {
		m.ring = append(m.ring, e)
	} else {
		if old := m.ring[m.next]; old.known {
			if m.count[old.hash]--; m.count[old.hash] == 0 {
				delete(m.count, old.hash)
			}
		}
		m.ring[m.next] = e
	}
	if m.next++; m.next == m.size {
		m.next = 0
	}
	if e.known {
		m.count[e.hash]++
	}
}
