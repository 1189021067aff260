package network

import (
	"hash/maphash"
	"maps"
	"sync"
	"time"
)

// Remembered is how many networks a table holds. It takes about 3 MB, full.
const Remembered = 1 << 16

// Rates are how often each of many networks may do something. A bucket is one number, the time at which it will be full again
// (the generic cell rate algorithm): one that is full is the same as none, so that what is forgotten was worth nothing, and nobody
// gets a new bucket by pushing the old one out. Networks that find the table full of those that are not share a bucket. It is safe for
// concurrent use.
type Rates struct {
	every time.Duration // one more each
	burst int
	seed  maphash.Seed

	mu         sync.Mutex
	room       int       // buckets
	began      time.Time // when it was first asked
	young, old map[uint64]int64
	turned     int64 // when young became old
	swept      int64 // when the buckets that were full again were last looked for
	rest       int64 // of those that found no room
}

// Share is one of the buckets that something is taken from.
type Share struct {
	bucket any // comparable
	times  int // the rate and the burst
}

// bucket names one.
type bucket struct {
	network Network
	claim   string
}

// Shares are those of what a network does: its own, and of a network in a wider one the wider one's.
func (n Network) Shares() []Share {
	own := Share{bucket{network: n}, 1}
	if n.narrow == n.wide {
		return []Share{own}
	}
	return []Share{own, {n.wide, Wider}}
}

// SharesFor are those of what it does in the name of somebody: one for each name, and the wider network's for all names.
func (n Network) SharesFor(claim string) []Share {
	return []Share{{bucket{n, claim}, 1}, {n.wide, Wider}}
}

// NewRates returns the rate perSecond with bursts; nil, which limits nothing, for a rate of 0.
func NewRates(perSecond float64, burst int) *Rates {
	if perSecond <= 0 {
		return nil
	}
	return &Rates{
		every: time.Duration(float64(time.Second) / perSecond), burst: max(burst, 1), seed: maphash.MakeSeed(), room: Remembered,
		young: map[uint64]int64{}, old: map[uint64]int64{},
	}
}

// Take takes n of every share, or nothing: come back after wait. More than a burst counts as a burst, so that no size is refused for
// ever and nobody waits longer than a bucket takes to fill.
func (r *Rates) Take(now time.Time, n int, of []Share) (wait time.Duration, ok bool) {
	if r == nil || n <= 0 {
		return 0, true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.turn(now)
	if wait = r.wait(at, n, of); wait > 0 {
		return wait, false
	}
	r.add(at, n, of, 1)
	return 0, true
}

// Wait is how long until one of every share is there; 0: it is.
func (r *Rates) Wait(now time.Time, of []Share) time.Duration {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wait(r.turn(now), 1, of)
}

// Charge takes one of every share, whether it is there or not: what is known only afterwards. The debt is at most a burst.
func (r *Rates) Charge(now time.Time, of []Share) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(r.turn(now), 1, of, 2)
}

// wait is the longest of the shares'.
func (r *Rates) wait(now int64, n int, of []Share) (wait time.Duration) {
	for _, s := range of {
		full, every := r.bucket(s)
		need := int64(min(n, r.burst)) * every
		wait = max(wait, time.Duration(max(full, now)+need-now-r.fills()))
	}
	return wait
}

// add takes from the shares, down to as many bursts.
func (r *Rates) add(now int64, n int, of []Share, bursts int64) {
	for _, s := range of {
		full, every := r.bucket(s)
		most := now + bursts*r.fills()
		full = min(max(full, now)+int64(min(n, r.burst))*every, most)
		sum := maphash.Comparable(r.seed, s.bucket)
		if r.holds(sum) || len(r.young)+len(r.old) < r.room {
			delete(r.old, sum)
			r.young[sum] = full
		} else {
			r.rest = full
		}
	}
}

// bucket is when a share's will be full, and how long one more takes.
func (r *Rates) bucket(s Share) (full, every int64) {
	every = int64(r.every) / int64(s.times)
	sum := maphash.Comparable(r.seed, s.bucket)
	if at, ok := r.young[sum]; ok {
		return at, every
	}
	if at, ok := r.old[sum]; ok {
		return at, every
	}
	if len(r.young)+len(r.old) < r.room {
		return 0, every
	}
	return r.rest, every
}

// fills is how long an empty bucket takes to fill, a wider network's likewise.
func (r *Rates) fills() int64 { return int64(r.burst) * int64(r.every) }

func (r *Rates) holds(sum uint64) bool {
	_, young := r.young[sum]
	_, old := r.old[sum]
	return young || old
}

// sweepEvery is how often a full table is looked through: that takes a millisecond or two.
const sweepEvery = int64(time.Second)

// turn forgets the buckets that were not used for as long as the emptiest takes to fill, and in a full table those that are full
// again: where thousands of networks come each second, none of them may pay for the others. It returns now as buckets count it: in
// nanoseconds by the monotonic clock, which nobody sets back.
func (r *Rates) turn(at time.Time) (now int64) {
	if r.began.IsZero() {
		r.began = at
	}
	now = int64(at.Sub(r.began) + time.Hour) // above 0, which is a bucket that is full, whoever comes first
	if len(r.young)+len(r.old) >= r.room && now-r.swept >= sweepEvery {
		filled := func(_ uint64, at int64) bool { return at <= now }
		maps.DeleteFunc(r.young, filled)
		maps.DeleteFunc(r.old, filled)
		r.swept = now
	}
	longest := 2 * r.fills()
	switch since := now - r.turned; {
	case since < longest:
		return now
	case since < 2*longest:
		r.old, r.young = r.young, map[uint64]int64{}
	default:
		r.old, r.young = map[uint64]int64{}, map[uint64]int64{}
	}
	r.turned = now
	return now
}
