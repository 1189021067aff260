package dedup

import (
	"hash/maphash"
	"math/bits"
)

// Filter knows the last records of one partition by a hash of name and id, and how they ended. With n records known, a new
// event is taken for a known one with probability n/2^64 (1e-15 at 20 000).
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

// record is a record's hash, 0 for one without name or id, the number of the one before it in its list, and how it ended.
type record struct {
	hash   uint64
	before uint32
	known  known
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
	return max(1, f.pair(name, id))
}

// pair is the hash of two texts. It is made of two hashes, the first one rotated, so that "ab"+"c" and "a"+"bc" differ.
func (f *Filter) pair(a, b []byte) uint64 {
	return bits.RotateLeft64(maphash.Bytes(f.seed, a), 32)*0x9e3779b97f4a7c15 ^ maphash.Bytes(f.seed, b)
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

// Copy is one record of an event, as far as the filter looks at it.
type Copy struct {
	Hash     uint64 // of its name and id
	Value    []byte
	Params   []byte // the sender's top-level parameters: they are sent too
	Replay   bool   // of a dead letter: never a duplicate
	Unproven bool   // its sender proved nothing: it is never a reason to drop or to hold a proven one
}

// Remember adds a record from before the committed offset: it has ended, nobody knows how.
func (f *Filter) Remember(c *Copy) {
	if f != nil {
		f.grow()
		f.push(c.Hash, c.knownAs(unknown, f.contentOf(c)))
	}
}

// Add adds the partition's next record. It returns the record's number, by which End is told how it ended, and what it is to
// the size records before it; if that is Undecided, the number of the one that decides.
func (f *Filter) Add(c *Copy) (n uint32, v Verdict, first uint32) {
	if f == nil {
		return 0, New, 0
	}
	f.grow()
	v, first, as := f.judge(c, f.next, &f.newest[c.Hash&uint64(len(f.newest)-1)])
	return f.push(c.Hash, as), v, first
}

// Skip adds a record that cannot be read, so has neither name nor id: it is one of the size records looked back over.
func (f *Filter) Skip() (n uint32) {
	if f == nil {
		return 0
	}
	f.grow()
	return f.push(0, unknown)
}

// Again judges a record once more that was Undecided, now that the one has ended which decides. One that is known no more is New.
func (f *Filter) Again(n uint32, c *Copy) (v Verdict, first uint32) {
	r := f.at(n)
	if r == nil {
		return New, 0
	}
	v, first, r.known = f.judge(c, n, &r.before)
	return v, first
}

// End says how a record ended that was added: delivered, as itself or as the copy of one that was, or dead.
func (f *Filter) End(n uint32, delivered bool) {
	if f == nil {
		return
	}
	if r := f.at(n); r != nil {
		fate := dead
		if delivered {
			fate = deliveredFate
		}
		r.known = r.known&^fateBits | fate
	}
}

// at returns a record that is still in the ring; nil: it has been overwritten.
func (f *Filter) at(n uint32) *record {
	if ago := f.next - n; ago == 0 || ago > uint32(len(f.ring)) {
		return nil
	}
	return &f.ring[n&uint32(len(f.ring)-1)]
}

// push adds a record at the head of its list; one without a hash is in none.
func (f *Filter) push(hash uint64, as known) (n uint32) {
	n = f.next
	r := record{hash: hash, known: as}
	if hash != 0 {
		newest := &f.newest[hash&uint64(len(f.newest)-1)]
		r.before, *newest = *newest, n
	}
	f.ring[n&uint32(len(f.ring)-1)] = r
	f.next++
	return n
}

// grow doubles the ring when it is full and shorter than what must be looked back over. Records keep their numbers: a ring
// that was never full holds those from 0 on.
func (f *Filter) grow() {
	full := uint32(len(f.ring))
	if f.next != full || full >= f.size {
		return
	}
	old := f.ring
	f.ring, f.newest, f.next = make([]record, 2*full), make([]uint32, 2*full), 0
	for i := range old {
		f.push(old[i].hash, old[i].known)
	}
}
