package httpapi

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// TestPools: what each pool may take, and what the others leave to the proven.
func TestPools(t *testing.T) {
	r := newRoom(64<<20, 8<<20)
	for p, want := range [pools]int64{64 << 20, 32 << 20, 16 << 20} {
		if got := r.pools[p].limit; got != want {
			t.Errorf("%s: %d bytes", poolNames[p], got)
		}
	}
	small := newRoom(9<<20, 8<<20)
	for p := range pools {
		if got := small.pools[p].limit; got < 8<<20 || got > 9<<20 {
			t.Errorf("a small one: %s: %d bytes, no body of the largest size fits", poolNames[p], got)
		}
	}
	unproven, unknown, proven, more := share{pool: unprovenPool}, share{pool: unknownPool}, share{}, share{}
	if !r.take(&unproven, 32<<20) || r.take(&unproven, 1) || !r.take(&unknown, 16<<20) || r.take(&unknown, 1) {
		t.Error("the pools of those who have not proven anything have other sizes")
	}
	if !r.take(&proven, 16<<20) || r.take(&more, 1) {
		t.Error("the proven have not what the others leave")
	}
	if r.move(&unknown, unprovenPool) || !r.move(&unknown, provenPool) || r.usedBy(unknownPool) != 0 || r.usedBy(provenPool) != 32<<20 {
		t.Error("moving")
	}
}

// TestRoomAddsUp: whatever is taken, moved and given back in whatever order, the pools add up, none is over its limit, and in the
// end all is given back.
func TestRoomAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRoom(1000, 10)
		shares := make([]share, 8)
		for i := range shares {
			shares[i].pool = pool(rapid.IntRange(0, 2).Draw(t, "pool"))
		}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			s := &shares[rapid.IntRange(0, len(shares)-1).Draw(t, "share")]
			switch rapid.IntRange(0, 5).Draw(t, "do") {
			case 0, 1:
				r.take(s, int64(rapid.IntRange(1, 400).Draw(t, "bytes")))
			case 2:
				r.move(s, pool(rapid.IntRange(0, 2).Draw(t, "to")))
			case 3:
				r.free(s)
			case 4:
				if s.place == nil && s.pool != provenPool {
					r.read(s, func() {})
					s.began = time.Now().Add(-time.Duration(rapid.IntRange(0, 1).Draw(t, "age")) * time.Minute)
				}
			case 5:
				r.arrived(s, func() {})
			}
			var sum [pools]int64
			for i := range shares {
				sum[shares[i].pool] += shares[i].bytes
			}
			for p := range pools {
				if sum[p] != r.pools[p].used || sum[p] > r.pools[p].limit {
					t.Fatalf("%s: %d bytes are held, %d are counted, at most %d", poolNames[p], sum[p], r.pools[p].used, r.pools[p].limit)
				}
			}
			if r.used != sum[0]+sum[1]+sum[2] || r.used > r.limit {
				t.Fatalf("%v bytes are held, %d are counted", sum, r.used)
			}
		}
		for i := range shares {
			r.free(&shares[i])
		}
		if r.used != 0 || slices.ContainsFunc(r.pools[:], func(p poolRoom) bool { return p.used != 0 || p.reading.Len() != 0 }) {
			t.Fatalf("not all is given back: %d bytes", r.used)
		}
	})
}

// TestGivesWay: when a pool is full, the largest gives way to a smaller one, and who has been sending longest to one of its size, but
// not one that has just begun, nor one whose body has arrived; nobody gives way to another pool.
func TestGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(400, 10)
		woken := map[string]int{}
		begin := func(name string, p pool, n int64) *share {
			s := &share{pool: p}
			if !r.take(s, n) {
				t.Fatalf("no room for %s", name)
			}
			r.read(s, func() { woken[name]++ })
			return s
		}
		old, whole := begin("old", unknownPool, 20), begin("whole", unknownPool, 20)
		r.arrived(whole, func() {})
		<-time.After(time.Second)
		young, page := begin("young", unknownPool, 20), begin("page", unprovenPool, 200)
		large := begin("large", unknownPool, 40)
		<-time.After(givesWay / 2)
		late := &share{pool: unknownPool}
		if !r.take(late, 20) || !large.evicted || old.evicted || young.evicted || whole.evicted || page.evicted || woken["large"] != 1 {
			t.Fatalf("large %v, old %v, young %v, whole %v, page %v: %v", large.evicted, old.evicted, young.evicted, whole.evicted, page.evicted, woken)
		}
		if r.take(large, 1) || r.unlessEvicted(large, func() { t.Error("it goes on reading") }) {
			t.Error("who gave way takes more")
		}
		r.free(large)
		if !r.take(late, 20) || old.evicted {
			t.Error("one gives way though there is room")
		}
		if !r.take(late, 20) || !old.evicted || young.evicted || woken["old"] != 1 {
			t.Error("the oldest does not give way to one of its size")
		}
		if r.take(late, 20) || young.evicted {
			t.Error("one that has just begun gives way to one of its size")
		}
		<-time.After(givesWay)
		if !r.take(late, 20) || !young.evicted {
			t.Error("it does not later")
		}
		if r.take(late, 20) || whole.evicted {
			t.Error("one whose body has arrived gives way")
		}
		if got := r.usedBy(unknownPool); got != 100 {
			t.Errorf("%d bytes are held", got)
		}
	})
}
