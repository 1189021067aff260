package lane

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestExpiresOnTime: an event is dead when its deadline passes, not when somebody next looks at it: in an open batch, in
// a parked lane long before its next probe, whatever its place in the batch.
func TestExpiresOnTime(t *testing.T) {
	for name, parked := range map[string]bool{"in an open batch": false, "parked": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := config()
				if !parked {
					cfg.Limits.Linger = 100 * time.Hour
				}
				h := start(t, cfg)
				h.meta.set(func([]string) Answer { return setup(capi.Blocked) }) // its probe goes out every 30 minutes
				h.feed(0, signals(0, 1)...)
				aging := signals(1, 3)
				aging[1].EventTime = time.Now().Add(-capi.MaxAge + capi.Safety + 10*time.Minute).Unix()
				aging[2].EventTime = time.Now().Add(-capi.MaxAge + capi.Safety + 5*time.Minute).Unix()
				h.feed(0, aging...)
				wait(5*time.Minute - time.Second)
				h.want(fault.Dead, fault.Expired, 0)
				wait(2 * time.Second)
				h.want(fault.Dead, fault.Expired, 1)
				wait(5*time.Minute - 2*time.Second)
				h.want(fault.Dead, fault.Expired, 1)
				wait(2 * time.Second)
				h.want(fault.Dead, fault.Expired, 2)
				h.wantSettled(2)
				h.end()
			})
		})
	}
}

// TestExpiredClosesNoBatch: what is dead on arrival does not take the batch of the living along.
func TestExpiredClosesNoBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		late := signal("late")
		late.EventTime = time.Now().Add(-capi.MaxAge).Unix()
		h.feed(0, signal("a"), late)
		h.feed(0, signal("b"))
		wait(2 * time.Second)
		h.want(fault.Dead, fault.Expired, 1)
		h.want(fault.Delivered, fault.None, 2)
		if n := h.meta.count(); n != 1 {
			t.Errorf("%d posts", n)
		}
		h.end()
	})
}
