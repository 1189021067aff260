package lane

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestFateThatCannotBeWrittenStopsTheLane: what is gathered, or must be posted again in halves, is not posted past it either.
// The second post begins before anybody can know that the first one's fate will not be written.
func TestFateThatCannotBeWrittenStopsTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.bus.fail(errAway)
		h.meta.set(func(ids []string) Answer {
			if slices.Contains(ids, "e01500") {
				a := failed(capi.Invalid, 400, 100, 2804009)
				a.EventFault = true
				return a
			}
			return ok()
		})
		h.feed(0, signals(0, 2000)...)
		wait(time.Hour)
		if n := h.meta.count(); n != 2 {
			t.Errorf("%d posts", n)
		}
		h.wantSettled(0)
		h.bus.fail(nil)
		wait(longestRewrite + 5*time.Second)
		h.want(fault.Delivered, fault.None, 1999)
		h.want(fault.Dead, fault.Refused, 1)
		h.wantSettled(2000)
		h.end()
	})
}

// TestDrainEndsDuringWrite: a write that the end of the drain cuts off settles nothing: nobody knows what became of it.
func TestDrainEndsDuringWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.bus.hang.Store(true)
		h.feed(0, signals(0, 1000)...)
		wait(2 * time.Second)
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		h.wantSettled(0)
	})
}
