package lane

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestSystemicRefusal: event after event is refused alone with a code of no known fault: the lane parks instead of burning
// the topic, and goes on when Meta takes events again.
func TestSystemicRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Limits.Events = 100
		h := start(t, cfg)
		h.meta.set(func([]string) Answer { return failed(capi.Invalid, 400, 100, 0) })
		h.feed(0, signals(0, 500)...)
		wait(6 * time.Hour)
		h.want(fault.Dead, fault.Refused, maxRefusals)
		if h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "refused") != 1 {
			t.Error("the lane is not parked")
		}
		h.meta.set(func([]string) Answer { return ok() })
		wait(probeEvery + 30*time.Second)
		h.want(fault.Delivered, fault.None, 500-maxRefusals)
		h.wantSettled(500)
		h.end()
	})
}

// TestSystemicRefusalWithOneBadEvent: parked for refusals, the probe finds a good event beside a bad one.
func TestSystemicRefusalWithOneBadEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Limits.Events = 100
		h := start(t, cfg)
		h.meta.set(func([]string) Answer { return failed(capi.Invalid, 400, 100, 0) })
		h.feed(0, signals(0, 500)...)
		wait(time.Hour)
		bad := map[int]bool{77: true, 250: true}
		h.meta.set(func(ids []string) Answer {
			for _, id := range ids {
				if bad[number(id)] {
					return failed(capi.Invalid, 400, 100, 0)
				}
			}
			return ok()
		})
		wait(10 * time.Minute)
		h.want(fault.Delivered, fault.None, 500-maxRefusals-2)
		h.want(fault.Dead, fault.Refused, maxRefusals+2)
		h.end()
	})
}

// TestSystemicRefusalBehindABadHead: parked for refusals, an event that is still refused does not stand before the others.
func TestSystemicRefusalBehindABadHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Limits.Events = 100
		h := start(t, cfg)
		h.meta.set(func([]string) Answer { return failed(capi.Invalid, 400, 100, 0) })
		h.feed(0, signals(0, 500)...)
		wait(time.Hour)
		dead := map[int]bool{}
		for _, id := range h.bus.ids(fault.Dead, fault.Refused) {
			dead[number(id)] = true
		}
		head := map[int]bool{} // what the next probe will hold stays bad
		h.meta.set(func(ids []string) Answer {
			if len(head) == 0 {
				for _, id := range ids {
					head[number(id)] = true
				}
			}
			for _, id := range ids {
				if head[number(id)] {
					return failed(capi.Invalid, 400, 100, 0)
				}
			}
			return ok()
		})
		wait(time.Hour)
		h.want(fault.Delivered, fault.None, 500-len(dead)-len(head))
		h.end()
	})
}

// TestDeliveryBetweenRefusals: refusals count in a row only; Meta that takes something in between is no broken system.
func TestDeliveryBetweenRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 1, 1
		h := start(t, cfg)
		h.meta.set(func(ids []string) Answer {
			if number(ids[0])%maxRefusals == 0 {
				return ok()
			}
			return failed(capi.Invalid, 400, 100, 0)
		})
		h.feed(0, signals(0, 5*maxRefusals)...)
		wait(time.Minute)
		h.want(fault.Delivered, fault.None, 5)
		h.want(fault.Dead, fault.Refused, 5*(maxRefusals-1))
		h.end()
	})
}

// TestKnownFaultsNeverPark: a topic full of bad events is a topic full of dead letters.
func TestKnownFaultsNeverPark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func([]string) Answer {
			a := failed(capi.Invalid, 400, 100, 2804009)
			a.EventFault, a.BlameField = true, "custom_data.currency"
			return a
		})
		h.feed(0, signals(0, 100)...)
		wait(time.Minute)
		h.want(fault.Dead, fault.Refused, 100)
		if l := h.bus.letters["e00007"]; l.Detail != "100/2804009 custom_data.currency" || l.Attempts < 2 || l.Offset != 7 {
			t.Errorf("dead letter %+v", l)
		}
		h.end()
	})
}
