package mapfile

import "hash/maphash"

// remembered is how many texts recent holds: enough for files that are nearly sorted, bounded for those that are endless.
const remembered = 1 << 16

// recent counts the last texts that were added to it, by their hashes.
type recent struct {
	seed  maphash.Seed
	times map[uint64]int
	ring  []uint64
	at    int
}

// count is how often a text was added lately.
func (r *recent) count(text []byte) int {
	if r.times == nil {
		return 0
	}
	return r.times[maphash.Bytes(r.seed, text)]
}

func (r *recent) add(text []byte) {
	if r.times == nil {
		r.times, r.seed = make(map[uint64]int), maphash.MakeSeed()
	}
	h := maphash.Bytes(r.seed, text)
	if len(r.ring) < remembered {
		r.ring = append(r.ring, h)
	} else {
		r.forget(r.ring[r.at])
		r.ring[r.at] = h
		r.at = (r.at + 1) % remembered
	}
	r.times[h]++
}

func (r *recent) forget(h uint64) {
	if r.times[h]--; r.times[h] <= 0 {
		delete(r.times, h)
	}
}
