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
