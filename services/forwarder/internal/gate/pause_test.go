package gate

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

func TestJitter(t *testing.T) {
	for _, c := range []struct {
		class    capi.Class
		failures int
		most     time.Duration
	}{
		{capi.Transient, 1, time.Second},
		{capi.Transient, 4, 8 * time.Second},
		{capi.Transient, 60, transientPauses.Max},
		{capi.Throttle, 1, 2 * time.Second},
		{capi.Throttle, 1 << 20, throttlePauses.Max},
	} {
		longest, shortest := time.Duration(0), c.most
		for range 2000 {
			d := pausesOf(c.class).After(c.failures)
			if d < 0 || d > c.most {
				t.Fatalf("%s after %d: %v, want at most %v", c.class, c.failures, d, c.most)
			}
			longest, shortest = max(longest, d), min(shortest, d)
		}
		if longest < c.most*9/10 || shortest > c.most/10 {
			t.Errorf("%s after %d: from %v to %v of %v: no full jitter", c.class, c.failures, shortest, longest, c.most)
		}
	}
}
