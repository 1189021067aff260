package gate

import (
	"bytes"
	"testing"
	"time"
	"unsafe"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// setClock is t as time.Now would have it, had the time of day been set by d: the monotonic reading goes on. It knows how package
// time keeps both (time.go: a flag, 33 bits of seconds, 30 of nanoseconds).
func setClock(t *testing.T, at time.Time, d time.Duration) time.Time {
	t.Helper()
	was := at
	*(*uint64)(unsafe.Pointer(&at)) += uint64(d/time.Second) << 30 // there is no other way to make one
	if got := at.Round(0).Sub(was.Round(0)); got != d || at.Sub(was) != 0 {
		t.Fatalf("the clock is set by %s, and by the monotonic clock by %s", got, at.Sub(was))
	}
	return at
}

// TestClockThatJumps (F47): pauses, probes and rests go by the monotonic clock: neither a clock that is set forward ends them, nor
// one that is set back makes them longer.
func TestClockThatJumps(t *testing.T) {
	for _, d := range []time.Duration{time.Hour, -time.Hour} {
		after := func(start time.Time, wait time.Duration) time.Time { return setClock(t, start.Add(wait), d) }
		now := time.Now()

		paused, _ := newGate(&bytes.Buffer{}, never)
		paused.Pause(now, paused.Ticket(), capi.Throttle, time.Minute)
		if end := paused.until.Sub(now); paused.Free(after(now, end-time.Second), 0) != 0 || paused.Free(after(now, end), 0) != 1 {
			t.Errorf("set by %s: a pause of %s ends at another time", d, end)
		}

		parked, _ := newGate(&bytes.Buffer{}, never)
		parked.Park(now, parked.Ticket(), capi.Token)
		if parked.Free(after(now, probeEvery-time.Second), 0) != 0 || parked.Free(after(now, probeEvery), 0) != 1 {
			t.Errorf("set by %s: the probe goes out at another time", d)
		}

		full, _ := newGate(&bytes.Buffer{}, never)
		full.Used(slowestAt, time.Second, now)
		rest := restAfter(slowestAt, time.Second)
		if full.Free(after(now, rest-time.Second), 0) != 3 || full.Free(after(now, rest), 0) != 4 {
			t.Errorf("set by %s: a rest of %s ends at another time", d, rest)
		}
	}
}
