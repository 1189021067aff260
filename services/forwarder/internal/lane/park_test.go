package lane

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestWrongToken: the lane parks, knocks softly, burns nothing, and goes on within seconds of the right token. The lane of
// another dataset never notices.
func TestWrongToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := start(t, config())
		h := start(t, config())
		h.version.Store(7)
		h.meta.set(func([]string) Answer { return setup(capi.Token) })
		h.feed(0, signals(0, 3000)...)
		wait(2 * time.Second)
		if h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "token") != 1 {
			t.Error("the lane is not shown as parked")
		}
		if err := h.lane.Ready(); err != nil {
			t.Errorf("a parked lane is not ready: %v", err)
		}
		before := h.meta.count()
		wait(10 * time.Minute)
		if n := h.meta.count() - before; n < 19 || n > 21 {
			t.Errorf("%d probes in 10 minutes", n)
		}
		for i := range 10 {
			other.feed(0, signals(1000*i, 1000)...)
		}
		wait(3 * time.Second)
		other.want(fault.Delivered, fault.None, 10000)
		h.wantSettled(0)

		h.meta.set(func([]string) Answer { return ok() })
		wait(100 * time.Millisecond)
		h.version.Add(1)
		wait(credentialsEvery + time.Second)
		h.want(fault.Delivered, fault.None, 3000)
		if h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "token") != 0 {
			t.Error("the lane is still shown as parked")
		}
		h.end()
		other.end()
	})
}

// TestTokenChangedWhilePostWasOut: the refused post was made with the old token; the new one is tried at once.
func TestTokenChangedWhilePostWasOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.took = 5 * time.Second
		h.meta.set(func([]string) Answer {
			if h.meta.countLocked() == 1 {
				return setup(capi.Token)
			}
			return ok()
		})
		h.feed(0, signals(0, 1000)...)
		wait(time.Second)
		h.version.Add(1)
		wait(10 * time.Second)
		h.want(fault.Delivered, fault.None, 1000)
		h.end()
	})
}

// TestLateAnswersAfterPark: what posts that began before the park come back with says nothing about the setup: neither does
// a good one open the gate, nor does a refusal move the probe.
func TestLateAnswersAfterPark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.late = map[string]time.Duration{"e01000": 5 * time.Second, "e02000": 10 * time.Second}
		h.meta.set(func(ids []string) Answer {
			if ids[0] == "e01000" {
				return ok()
			}
			return setup(capi.Token)
		})
		h.feed(0, signals(0, 3000)...)
		wait(29 * time.Second)
		h.want(fault.Delivered, fault.None, 1000)
		if n := h.meta.count(); n != 3 || h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "token") != 1 {
			t.Errorf("%d posts; a late answer opened the gate", n)
		}
		wait(2 * time.Second)
		if n := h.meta.count(); n != 4 {
			t.Errorf("%d posts, want the probe 30 s after the park", n)
		}
		h.end()
	})
}

// TestProbeByTime: without a new token file the probe still finds out, every 30 s, blocked every 30 minutes.
func TestProbeByTime(t *testing.T) {
	for reason, every := range map[capi.SetupReason]time.Duration{capi.Permission: 30 * time.Second, capi.Blocked: 30 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			h := start(t, config())
			h.meta.set(func([]string) Answer { return setup(reason) })
			h.feed(0, signals(0, 1000)...)
			wait(every)
			before := h.meta.count()
			wait(10 * every)
			if n := h.meta.count() - before; n < 9 || n > 11 {
				t.Errorf("%s: %d probes in 10 intervals", reason, n)
			}
			h.meta.set(func([]string) Answer { return ok() })
			wait(every + time.Second)
			h.want(fault.Delivered, fault.None, 1000)
			h.end()
		})
	}
}

// TestTransientProbe: a 500 to a probe does not prove the setup right, and the next probe comes soon.
func TestTransientProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func([]string) Answer { return setup(capi.Token) })
		h.feed(0, signals(0, 4500)...)
		wait(2 * time.Second)
		h.meta.set(func([]string) Answer { return failed(capi.Transient, 500, 2, 0) })
		wait(5 * time.Minute)
		if h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "token") != 1 {
			t.Error("a 500 ended the park")
		}
		h.meta.set(func([]string) Answer { return ok() })
		wait(35 * time.Second)
		h.want(fault.Delivered, fault.None, 4500)
		h.end()
	})
}

// TestParkedLaneWalksOn: what passes its deadline is dead, while parked too, and what comes behind is read.
func TestParkedLaneWalksOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events, cfg.Deadline = 1, 100, 24*time.Hour
		h := start(t, cfg)
		h.meta.set(func([]string) Answer { return setup(capi.Token) })
		old := signals(0, 150)
		h.feed(0, old...)
		wait(12 * time.Hour)
		h.feed(0, signals(1000, 50)...)
		fed := make(chan struct{})
		go func() { // no room for these before the first are dead
			defer close(fed)
			h.feed(1, signals(2000, 100)...)
			h.feed(1, signals(3000, 100)...)
		}()
		wait(11 * time.Hour)
		h.wantSettled(0)
		wait(2 * time.Hour)
		h.want(fault.Dead, fault.Expired, 150)
		<-fed
		wait(24 * time.Hour)
		h.want(fault.Dead, fault.Expired, 400)
		h.wantSettled(400)
		if l := h.bus.letters["e00000"]; l.Reason != fault.Expired || l.Topic != "signals.shop" || l.Stage != fault.Forwarder {
			t.Errorf("dead letter %+v", l)
		}
		h.end()
	})
}
