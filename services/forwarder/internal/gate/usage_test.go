package gate

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

func TestRate(t *testing.T) {
	for _, c := range []struct{ figure, want float64 }{
		{-1, 1}, {0, 1}, {.75, 1}, {.85, .55}, {.95, .1}, {1, .1}, {7, .1}, {math.NaN(), 1},
	} {
		if got := rateAt(c.figure); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("rate at %v is %v, want %v", c.figure, got, c.want)
		}
	}
	if d := restAfter(.95, time.Second); d != 9*time.Second {
		t.Errorf("rest %v", d)
	}
}

// TestRests: a resting poster is missing until its rest is over; an answer without a figure leaves the last one; a probe
// does not wait for rests.
func TestRests(t *testing.T) {
	now := time.Unix(0, 0)
	g, _ := newGate(&bytes.Buffer{}, never)
	free := func(after time.Duration, want int) {
		t.Helper()
		if got := g.Free(now.Add(after), 1); got != want {
			t.Errorf("%v after: %d more posts may begin, want %d", after, got, want)
		}
	}
	g.Used(.95, time.Second, now)
	g.Used(-1, 2*time.Second, now)
	free(0, 1)
	free(9*time.Second-1, 1)
	free(9*time.Second, 2)
	free(18*time.Second, 3)
	g.Used(0, time.Second, now)
	free(0, 3)
	g.Used(.95, time.Hour, now)
	g.Park(now, g.Ticket(), capi.Token)
	free(probeEvery, 0) // one, less the one that is running
}

// TestPace: the time between two POSTs is stretched from what it was before the figure rose, that of batches that are not full
// from what it would be by itself. What was held back is no measure, nor is what had to wait for room.
func TestPace(t *testing.T) {
	now := time.Unix(0, 0)
	g, _ := newGate(&bytes.Buffer{}, never)
	free := func(after time.Duration, want int, small bool) {
		t.Helper()
		if got := g.Free(now.Add(after), 0); got != want || g.Small(now.Add(after)) != small {
			t.Errorf("%v after: %d POSTs may begin, want %d; a small one: %v", after, got, want, !small)
		}
	}
	for range leastBefore + 1 {
		now = now.Add(time.Second)
		g.Began(now, true)
		g.Due(now, false)
	}
	free(0, 4, true)
	g.Used(.95, 0, now)
	free(10*time.Second-1, 0, false)
	free(10*time.Second, 4, true)
	for range 50 { // more events come in smaller batches; the POSTs are still the same
		now = now.Add(2 * time.Second)
		g.Due(now, false)
	}
	g.Began(now, true)
	free(10*time.Second, 4, false)
	free(20*time.Second-1, 4, false)
	free(20*time.Second, 4, true)
	for range 50 {
		now = now.Add(time.Hour)
		g.Due(now, true)
	}
	g.Began(now, true)
	free(20*time.Second, 4, true)
	g.Used(.5, 0, now)
	free(0, 4, true)
	for range 50 {
		now = now.Add(time.Hour)
		g.Began(now, true)
	}
	g.Used(.95, 0, now)
	free(longestFullWait-1, 0, false)
	free(longestFullWait, 4, false)
	free(20*time.Second, 4, true)
	for range 50 {
		now = now.Add(time.Hour)
		g.Due(now, false)
	}
	g.Began(now, true)
	free(longestWait-1, 4, false)
	free(longestWait, 4, true)
}
