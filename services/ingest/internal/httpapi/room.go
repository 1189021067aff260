package httpapi

import (
	"container/list"
	"sync"
	"time"
)

// pool is whose room a request takes: by what is known of its sender's proof.
type pool int

// The pools, and their names in metrics.
const (
	provenPool pool = iota
	unprovenPool
	unknownPool // its proof is in the body, which has not been read
	pools
)

var poolNames = [pools]string{"proven", "unproven", "unknown"}

// givesWay is how long a request whose sender is not proven may have been sending its body until it gives way to one that is no smaller
// and for which there is no room: what a server sends is there at once.
const givesWay = 500 * time.Millisecond

// room bounds the bytes of all bodies that are being read or stored at a time. Proven senders may take all that is free, unproven
// ones half of it, and bodies whose sender is not known yet a quarter: what is left is of the proven alone.
type room struct {
	mu    sync.Mutex
	limit int64
	used  int64
	pools [pools]poolRoom
}

type poolRoom struct {
	limit, used int64
	reading     list.List // *share, the oldest first
}

// newRoom returns a room of limit bytes. A pool holds at least one body of the largest size.
func newRoom(limit, maxBody int64) *room {
	r := &room{limit: limit}
	for p, part := range [pools]int64{1, 2, 4} {
		r.pools[p].limit = min(max(limit/part, maxBody+1), limit)
	}
	return r
}

// share is what one request has taken of a room. Its zero value has taken nothing; it is used again after free.
type share struct {
	pool    pool
	bytes   int64
	evicted bool          // another has its bytes now
	began   time.Time     // to send its body
	wake    func()        // ends a read that waits for the sender
	place   *list.Element // among those that read; nil: it does not give way
}

// take takes n more bytes, if need be from requests that are larger, or have been sending for long.
func (r *room) take(s *share, n int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.evicted {
		return false
	}
	p := &r.pools[s.pool]
	for p.used+n > p.limit {
		victim := p.victim(s, n)
		if victim == nil {
			return false
		}
		r.give(victim)
		victim.evicted = true
		victim.wake()
	}
	if r.used+n > r.limit {
		return false
	}
	r.used, p.used, s.bytes = r.used+n, p.used+n, s.bytes+n
	return true
}

// victim is the request whose sender is not proven that gives way to another which wants n more bytes: the largest, if it is larger than
// that one will be, else the one that has been sending longest. nil: none.
func (p *poolRoom) victim(s *share, n int64) *share {
	var largest, oldest *share
	for e := p.reading.Front(); e != nil; e = e.Next() {
		other := e.Value.(*share) //nolint:forcetypeassert // the list holds nothing else
		if other == s || other.bytes == 0 {
			continue
		}
		if largest == nil || other.bytes > largest.bytes {
			largest = other
		}
		if oldest == nil {
			oldest = other
		}
	}
	switch {
	case largest == nil:
		return nil
	case largest.bytes > s.bytes+n:
		return largest
	case time.Since(oldest.began) >= givesWay:
		return oldest
	}
	return nil
}

// read notes that a request begins to send its body, which may take its time; wake ends a read that waits for it.
func (r *room) read(s *share, wake func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.began, s.wake = time.Now(), wake
	s.place = r.pools[s.pool].reading.PushBack(s)
}

// unlessEvicted does what must not happen once another has the request's bytes, and says whether it did.
func (r *room) unlessEvicted(s *share, do func()) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !s.evicted {
		do()
	}
	return !s.evicted
}

// arrived notes that the whole body has, and is unpacked: the request gives way no more, if it has not yet.
func (r *room) arrived(s *share, do func()) bool {
	return r.unlessEvicted(s, func() { r.leave(s); do() })
}

// move gives a request, of whose sender more is known now, room of another pool; not ok: there is none.
func (r *room) move(s *share, to pool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.pool == to {
		return true
	}
	if r.pools[to].used+s.bytes > r.pools[to].limit {
		return false
	}
	r.leave(s)
	r.pools[s.pool].used -= s.bytes
	r.pools[to].used += s.bytes
	s.pool = to
	return true
}

// free gives everything back.
func (r *room) free(s *share) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.give(s)
	*s = share{}
}

func (r *room) give(s *share) {
	r.leave(s)
	r.used -= s.bytes
	r.pools[s.pool].used -= s.bytes
	s.bytes = 0
}

func (r *room) leave(s *share) {
	if s.place != nil {
		r.pools[s.pool].reading.Remove(s.place)
		s.place = nil
	}
}

// usedBy is the bytes that a pool holds.
func (r *room) usedBy(p pool) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pools[p].used
}
