package dedup

import (
	"hash/maphash"
	"math/bits"
)

// Filter knows the last records of one partition by a hash of name and id. With n records known, a new event is taken for a
// known one with probability n/2^64 (1e-15 at 20 000).
//
// Records are numbered in the order they were added. Those whose hashes have the same low bits form a list, the newest first;
// a search ends at the first record that is too old, so that nothing ever has to be removed. A nil Filter knows no record.
type Filter struct {
	seed   maphash.Seed
	size   uint32   // how many records it looks back
	next   uint32   // number of the next record; numbers wrap around
	ring   []record // the last records, by the low bits of their numbers
	newest []uint32 // by the low bits of hashes: number of the list's newest record

	prefetched uint64 // keeps the compiler from leaving out the reads of Prefetch
}

// record is a record's hash, 0 for one without name or id, and the number of the one before it in its list.
type record struct {
	hash   uint64
	before uint32
}

// firstRing is the length of a new ring; it doubles as records come: a partition with few records needs little memory.
const firstRing = 64

// NewFilter returns a filter that looks back over size records; nil for size 0.
func NewFilter(size int) *Filter {
	if size <= 0 {
		return nil
	}
	return &Filter{
		seed: maphash.MakeSeed(), size: uint32(min(size, 1<<30)),
		ring: make([]record, firstRing), newest: make([]uint32, firstRing),
	}
}

// Hash is the hash of an event's name and id; never 0.
func (f *Filter) Hash(name, id []byte) uint64 {
	if f == nil {
		return 1
	}
	// Two hashes, the first one rotated, so that "ab"+"c" and "a"+"bc" differ.
	return max(1, bits.RotateLeft64(maphash.Bytes(f.seed, name), 32)*0x9e3779b97f4a7c15^maphash.Bytes(f.seed, id))
}

// Prefetch reads the memory that the next calls of Add will need, so that the processor waits for all of it at once and not
// for one after the other. It changes nothing that Add looks at.
func (f *Filter) Prefetch(hashes []uint64) {
	if f == nil {
		return
	}
	read := uint64(0)
	for _, hash := range hashes {
		newest := f.newest[hash&uint64(len(f.newest)-1)]
		if f.next-newest <= f.size {
			read ^= f.ring[newest&uint32(len(f.ring)-1)].hash
		}
	}
	f.prefetched = read
}

// Add adds the partition's next record and says whether one of the size records before it had the same hash.
func (f *Filter) Add(hash uint64) (known bool) {
	if f == nil {
		return false
	}
	f.grow()
	newest := &f.newest[hash&uint64(len(f.newest)-1)]
	before := *newest
	// ago is how many records ago one was added. Along a list it must rise; where it does not, the entry has been overwritten
	// by a later record, and the list has ended.
	for ago, least := f.next-before, uint32(1); least <= ago && ago <= f.size; ago = f.next - before {
		r := &f.ring[before&uint32(len(f.ring)-1)]
		if known = r.hash == hash; known {
			break
		}
		before, least = r.before, ago+1
	}
	f.push(record{hash: hash, before: *newest})
	*newest = f.next - 1
	return known
}

// Skip counts a record that cannot be read, so has neither name nor id: it is one of the size records looked back over.
func (f *Filter) Skip() {
	if f != nil {
		f.grow()
		f.push(record{})
	}
}

func (f *Filter) push(r record) {
	f.ring[f.next&uint32(len(f.ring)-1)] = r
	f.next++
}

// grow doubles the ring when it is full and shorter than what must be looked back over; records get new numbers by it.
func (f *Filter) grow() {
	full := uint32(len(f.ring))
	if f.next != full || full >= f.size {
		return
	}
	old := f.ring
	f.ring, f.newest, f.next = make([]record, 2*full), make([]uint32, 2*full), 0
	for i := range old {
		if hash := old[i].hash; hash == 0 {
			f.push(record{})
		} else {
			newest := &f.newest[hash&uint64(len(f.newest)-1)]
			f.push(record{hash: hash, before: *newest})
			*newest = f.next - 1
		}
	}
}
