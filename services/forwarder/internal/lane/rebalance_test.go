package lane

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestStopFinishesPosts: a POST that is out is finished and settled; what was gathered is left to the next owner.
func TestStopFinishesPosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.meta.took = 3 * time.Second
		h.feed(0, signals(0, 1500)...)
		wait(time.Second)
		began := time.Now()
		h.end()
		if d := time.Since(began); d > 3*time.Second {
			t.Errorf("stopping took %v", d)
		}
		h.wantSettled(1000)
		h.want(fault.Delivered, fault.None, 1000)
		if n := h.meta.count(); n != 1 {
			t.Errorf("%d posts", n)
		}

		// The next generation reads the rest again and finishes it.
		h.generation()
		h.meta.took = 100 * time.Millisecond
		h.offsets[0] = 1000
		h.feed(0, signals(1000, 500)...)
		wait(2 * time.Second)
		h.want(fault.Delivered, fault.None, 1500)
		h.end()
	})
}

// TestStopInterruptsBackoff: neither a pause nor a park holds up a stop, and nothing is settled by it.
func TestStopInterruptsBackoff(t *testing.T) {
	for _, a := range []Answer{failed(capi.Transient, 503, 2, 0), setup(capi.Token)} {
		synctest.Test(t, func(t *testing.T) {
			h := start(t, config())
			h.meta.set(func([]string) Answer { return a })
			h.feed(0, signals(0, 3000)...)
			wait(time.Hour)
			for h.meta.busy() {
				wait(50 * time.Millisecond)
			}
			began := time.Now()
			h.end()
			if d := time.Since(began); d != 0 {
				t.Errorf("%s: stopping took %v", a.Class, d)
			}
			h.wantSettled(0)
			if h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "token") != 0 {
				t.Error("a lane that is not there is shown as parked")
			}
			if h.metric("omnicapi_lane_throttle_seconds", "dataset", "shop") != 0 {
				t.Error("a lane that is not there is shown as paused")
			}
		})
	}
}

// TestDrainEnds: a POST that hangs is aborted when the drain ends, and its events are not settled.
func TestDrainEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.took = time.Hour
		h.feed(0, signals(0, 1000)...)
		wait(2 * time.Second)
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		h.wantSettled(0)
		families, err := h.reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				if f.GetName() == "omnicapi_forwarder_request_seconds" && m.GetHistogram().GetSampleCount() > 0 {
					t.Errorf("an aborted post is counted as answered: %v", m.GetLabel())
				}
			}
		}
	})
}

var errAway = errors.New("kafka is away")

// TestDrainEndsWhileKafkaIsAway: fates that cannot be written are given up with the drain; nothing is settled.
func TestDrainEndsWhileKafkaIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.bus.fail(errAway)
		h.feed(0, signals(0, 1000)...)
		wait(time.Minute)
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		h.wantSettled(0)
		if err := h.lane.Ready(); err != nil {
			t.Errorf("after the end: %v", err)
		}
	})
}

// refusing is Meta that refuses every batch with the event.
func refusing(event int) func(ids []string) Answer {
	return func(ids []string) Answer {
		for _, id := range ids {
			if number(id) == event {
				return failed(capi.Invalid, 400, 100, 0)
			}
		}
		return ok()
	}
}

// TestStopFinishesIsolating: a stop waits until a refused event is alone, and posts nothing else; else what was delivered behind
// it would be delivered again.
func TestStopFinishesIsolating(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 1, 100
		h := start(t, cfg)
		h.meta.set(refusing(60))
		h.feed(0, signals(0, 200)...) // the second batch waits
		wait(50 * time.Millisecond)
		h.end()
		h.want(fault.Dead, fault.Refused, 1)
		h.want(fault.Delivered, fault.None, 99)
		h.wantSettled(100)
	})
}

// TestStopEndsRepeats: a repeat that waits for an event whose POST is out ends with it; else what was delivered behind it would be
// delivered again.
func TestStopEndsRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.meta.took = 3 * time.Second
		h.feed(0, signal("e00000"), signal("e00000"), signal("e00001"))
		wait(2 * time.Second) // the POST is out
		h.end()
		h.want(fault.Delivered, fault.None, 2)
		h.want(fault.Dropped, fault.Duplicate, 1)
		h.wantSettled(3)
	})
}

// TestStopInTheMiddleOfIsolating: when the drain ends, what is settled stays so, the rest is read again; the bad event dies once.
func TestStopInTheMiddleOfIsolating(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.meta.took = 3 * time.Second
		h.meta.set(refusing(60))
		c := h.feed(0, signals(0, 100)...)
		wait(4050 * time.Millisecond) // the whole was refused, halves follow
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		if n, _ := h.settled(); n != 50 {
			t.Errorf("%d are settled, want the first half", n)
		}
		h.generation()
		h.meta.took = 100 * time.Millisecond
		h.offsets[0] = 0
		h.feed(0, signals(0, 100)...)
		wait(10 * time.Second)
		h.want(fault.Dead, fault.Refused, 1)
		if c.settled[60] {
			t.Error("the bad event is settled by a generation that had not isolated it")
		}
		h.end()
	})
}

// TestRefusalsCountOverARebalance: a rebalance does not begin the row of refusals anew, or a lane that is often rebalanced
// would never park.
func TestRefusalsCountOverARebalance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 1, 1
		h := start(t, cfg)
		h.meta.set(func([]string) Answer { return failed(capi.Invalid, 400, 100, 0) })
		h.feed(0, signals(0, maxRefusals-1)...)
		wait(time.Minute)
		h.end()
		h.generation()
		h.feed(0, signals(maxRefusals, 5)...)
		wait(time.Minute)
		h.want(fault.Dead, fault.Refused, maxRefusals)
		if h.metric("omnicapi_lane_parked", "dataset", "shop", "reason", "refused") != 1 {
			t.Error("the lane is not parked")
		}
		h.end()
	})
}
