package network

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"strconv"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

func v4(n int) Network {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x20000000+uint32(n))
	return Of(netip.AddrFrom4(b))
}

// v6 is a /64 of a /48.
func v6(site, net int) Network {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], 0x2000000000000000|uint64(site)<<16|uint64(net)&0xffff)
	return Of(netip.AddrFrom16(b))
}

func take(r *Rates, at time.Duration, n int, of Network) bool {
	_, ok := r.Take(start.Add(at), n, of.Shares())
	return ok
}

// TestRate: a burst at once, then the rate; who has to wait is told how long, and it is enough.
func TestRate(t *testing.T) {
	r := NewRates(10, 20)
	for i := range 20 {
		if !take(r, 0, 1, v4(1)) {
			t.Fatalf("the %dth of a burst of 20 is refused", i+1)
		}
	}
	wait, ok := r.Take(start, 5, v4(1).Shares())
	if ok || wait != 500*time.Millisecond {
		t.Fatalf("%v, %v, want half a second", wait, ok)
	}
	if take(r, wait-time.Millisecond, 5, v4(1)) || !take(r, wait, 5, v4(1)) || take(r, wait, 1, v4(1)) {
		t.Error("the wait is not what it takes")
	}
	if !take(r, 0, 20, v4(2)) {
		t.Error("another network is refused")
	}
	if !take(r, 0, 1000, v4(3)) {
		t.Error("more than a burst is never taken")
	}
	if wait, ok := r.Take(start, 1000, v4(3).Shares()); ok || wait != 2*time.Second {
		t.Errorf("behind more than a burst: %v, %v, want what the bucket takes to fill", wait, ok)
	}
	var none *Rates
	if !take(none, 0, 1<<30, v4(1)) || NewRates(0, 5) != nil {
		t.Error("no limit limits")
	}
}

// TestWiderNetwork: a thousand networks of a site have four times what one has; what is refused for the site takes no memory.
func TestWiderNetwork(t *testing.T) {
	r, taken := NewRates(1, 100), 0
	for net := range 1000 {
		for take(r, 0, 10, v6(1, net)) {
			taken += 10
		}
	}
	if taken != Wider*100 {
		t.Errorf("a site takes %d, want %d", taken, Wider*100)
	}
	if n := len(r.young) + len(r.old); n != Wider+1 {
		t.Errorf("%d buckets", n)
	}
	if !take(r, 0, 10, v6(2, 0)) {
		t.Error("another site is refused")
	}
}

// TestCharge: what is known only afterwards is owed, and no more than a burst of it.
func TestCharge(t *testing.T) {
	r, of := NewRates(1, 10), v4(1).SharesFor("shop")
	for range 1000 {
		r.Charge(start, of)
	}
	if wait := r.Wait(start, of); wait != 11*time.Second {
		t.Errorf("wait %v, want a burst's debt and one more", wait)
	}
	if wait := r.Wait(start, v4(2).SharesFor("shop")); wait != 0 {
		t.Errorf("another network waits %v", wait)
	}
	if wait := r.Wait(start.Add(11*time.Second), of); wait != 0 {
		t.Errorf("afterwards: %v", wait)
	}
}

// TestOtherNames: what is tried in one name leaves the others, until all of the network's are too many.
func TestOtherNames(t *testing.T) {
	r, n := NewRates(1, 10), v4(1)
	for range 10 {
		r.Charge(start, n.SharesFor("a"))
	}
	if r.Wait(start, n.SharesFor("a")) == 0 || r.Wait(start, n.SharesFor("b")) > 0 {
		t.Error("the names are not told apart")
	}
	for i := range 30 {
		r.Charge(start, n.SharesFor(string(rune('c'+i))))
	}
	if r.Wait(start, n.SharesFor("never tried")) == 0 {
		t.Error("made-up names are a way around the limit")
	}
}

// TestMadeUpNetworks: hundreds of thousands of networks neither fill the memory, nor push out what a network owes, nor get a bucket each.
func TestMadeUpNetworks(t *testing.T) {
	r := NewRates(10, 10)
	for take(r, 0, 1, v4(0)) {
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	taken := 0
	for i := range 300_000 {
		if take(r, time.Duration(i)*time.Microsecond/10, 10, v6(i, 0)) {
			taken++
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("the table takes %d KiB", grown>>10)
	}
	if n := len(r.young) + len(r.old); n > Remembered {
		t.Errorf("%d buckets", n)
	}
	if taken > Remembered {
		t.Errorf("%d networks had a burst each", taken)
	}
	if take(r, 100*time.Millisecond, 10, v4(0)) {
		t.Error("a network got a new bucket by making others up")
	}
	if !take(r, time.Minute, 10, v6(1<<30, 0)) {
		t.Error("the table is full for ever")
	}
}

// TestManyNetworks: however many networks come, each with what it may, none pays for another: a bucket that is full again needs no room.
func TestManyNetworks(t *testing.T) {
	r := NewRates(200, 2000)
	for i := range 3 * Remembered {
		if at := time.Duration(i) * 100 * time.Microsecond; !take(r, at, 1, v4(i)) { // ten thousand new ones a second
			t.Fatalf("the %dth network is refused its first event, after %v", i+1, at)
		}
	}
}

// TestManyNames: a hundred networks that guess in one name after the other take nothing from a network that has not guessed.
func TestManyNames(t *testing.T) {
	r := NewRates(1, 60)
	for second := range 600 {
		at := start.Add(time.Duration(second) * time.Second)
		for net := 1; net <= 100; net++ {
			for name := 0; ; name++ {
				of := v4(net).SharesFor(strconv.Itoa(second) + " " + strconv.Itoa(name))
				if r.Wait(at, of) > 0 {
					break
				}
				r.Charge(at, of)
			}
		}
		if wait := r.Wait(at, v4(0).SharesFor("shop")); wait > 0 {
			t.Fatalf("after %d s it waits %v", second, wait)
		}
	}
}

// setBack is a moment at which the clock on the wall, and it alone, was set back by whole seconds: what time.Now returns then.
func setBack(at time.Time, seconds uint64) time.Time {
	wall := (*uint64)(unsafe.Pointer(&at)) // 33 bits of seconds before 30 of nanoseconds
	*wall -= seconds << 30
	return at
}

// TestClockSetBack (F47): the clock is set back by an hour, and no network waits for it.
func TestClockSetBack(t *testing.T) {
	r, now := NewRates(200, 2000), time.Now()
	for _, at := range []time.Time{now, setBack(now.Add(10*time.Second), 3600)} {
		if wait, ok := r.Take(at, 2000, v4(1).Shares()); !ok {
			t.Errorf("at %s it waits %v", at, wait)
		}
		if wait := r.Wait(at, v4(1).Shares()); wait != 5*time.Millisecond {
			t.Errorf("at %s the next waits %v", at, wait)
		}
	}
}

// TestForgettingIsNoDifference: buckets that are forgotten and a table that forgets nothing decide alike.
func TestForgettingIsNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const every, burst = 100 * time.Millisecond, 10
		r, now := NewRates(10, burst), start
		full := map[int]time.Time{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			n, who := rapid.IntRange(1, 15).Draw(t, "n"), rapid.IntRange(0, 5).Draw(t, "who")
			if full[who].Before(now) {
				full[who] = now
			}
			after := full[who].Add(time.Duration(min(n, burst)) * every)
			want := !after.After(now.Add(burst * every))
			if want {
				full[who] = after
			}
			if _, ok := r.Take(now, n, v4(who).Shares()); ok != want {
				t.Fatalf("%d of %d at %v: %v, want %v", n, who, now.Sub(start), ok, want)
			}
		}
	})
}

// TestMemory: what was shown is known for as long as it says, of that network alone, and in bounded memory.
func TestMemory(t *testing.T) {
	m := NewMemory(time.Hour)
	m.Remember(start, v4(1), "secret", "S")
	for _, c := range []struct {
		after time.Duration
		who   int
		text  string
		want  bool
	}{{0, 1, "S", true}, {0, 2, "S", false}, {0, 1, "T", false}, {59 * time.Minute, 1, "S", true}, {2 * time.Hour, 1, "S", false}} {
		if got := m.Knows(start.Add(c.after), v4(c.who), "secret", c.text); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	for i := range 6 { // who shows it again is known on
		m.Remember(start.Add(time.Duration(i)*50*time.Minute), v4(1), "secret", "S")
	}
	if !m.Knows(start.Add(5*time.Hour), v4(1), "secret", "S") {
		t.Error("what is shown again is forgotten")
	}
	for range 4 * Remembered {
		m.Remember(start, v4(rand.IntN(1<<28)), "secret", "S")
	}
	if n := len(m.young) + len(m.old); n > Remembered {
		t.Errorf("%d are remembered", n)
	}
}

func BenchmarkTake(b *testing.B) {
	r, n := NewRates(200, 2000), v6(1, 1)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		take(r, time.Duration(i)*time.Second, 1, n)
	}
}

func BenchmarkKnows(b *testing.B) {
	m, n := NewMemory(time.Hour), v6(1, 1)
	m.Remember(start, n, "secret", "S")
	b.ReportAllocs()
	for b.Loop() {
		m.Knows(start, n, "secret", "S")
	}
}
