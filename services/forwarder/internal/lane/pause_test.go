package lane

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestTransientHour: Meta is down for an hour; the lane waits with one poster, nothing is dead, and it goes on by itself.
func TestTransientHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func([]string) Answer { return failed(capi.Transient, 503, 2, 0) })
		h.feed(0, signals(0, 4500)...)
		wait(time.Hour)
		posts := h.meta.count()
		if posts < 60 || posts > 400 {
			t.Errorf("%d posts in an hour of 503", posts)
		}
		h.wantSettled(0)
		if h.metric("omnicapi_lane_throttle_seconds", "dataset", "shop") <= 0 {
			t.Error("no pause is shown")
		}
		h.meta.mu.Lock()
		h.meta.widest = 0
		h.meta.mu.Unlock()
		wait(10 * time.Minute)
		if h.meta.widest > 1 {
			t.Errorf("%d posts at a time while Meta is down", h.meta.widest)
		}
		h.meta.set(func([]string) Answer { return ok() })
		wait(longestPause + 5*time.Second)
		h.want(fault.Delivered, fault.None, 4500)
		h.wantSettled(4500)
		if h.metric("omnicapi_lane_throttle_seconds", "dataset", "shop") != 0 {
			t.Error("a pause is shown after it")
		}
		h.end()
	})
}

// TestPoisonedBatchHoldsUpNobody: one event's batch always fails as transient; the others go out.
func TestPoisonedBatchHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Limits.Events = 10
		h := start(t, cfg)
		h.meta.set(func(ids []string) Answer {
			if number(ids[0]) == 0 {
				return failed(capi.Transient, 400, 1, 0)
			}
			return ok()
		})
		h.feed(0, signals(0, 10)...)
		for i := 1; i < 10; i++ {
			h.feed(0, signals(10*i, 5)...)
		}
		wait(10 * time.Minute)
		h.want(fault.Delivered, fault.None, 45)
		wait(8 * 24 * time.Hour)
		h.want(fault.Dead, fault.Expired, 10)
		h.wantSettled(55)
		h.end()
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func([]string) Answer {
			a := failed(capi.Throttle, 429, 4, 0)
			a.RetryAfter = 10 * time.Minute
			return a
		})
		h.feed(0, signals(0, 4000)...)
		wait(9 * time.Minute)
		if n := h.meta.count(); n != 4 {
			t.Errorf("%d posts, want the 4 that were out", n)
		}
		h.meta.set(func([]string) Answer { return ok() })
		wait(2 * time.Minute)
		h.want(fault.Delivered, fault.None, 4000)
		h.end()
	})
}

// TestRetryAfterOnSuccess: a good answer may ask to wait too.
func TestRetryAfterOnSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.meta.set(func([]string) Answer {
			a := ok()
			a.RetryAfter = time.Minute
			return a
		})
		h.feed(0, signals(0, 2000)...)
		wait(50 * time.Second)
		h.want(fault.Delivered, fault.None, 1000)
		wait(20 * time.Second)
		h.want(fault.Delivered, fault.None, 2000)
		h.end()
	})
}

func TestUsageSlows(t *testing.T) {
	for _, c := range []struct {
		usage    float64
		min, max int
	}{{0.5, 95, 101}, {0.85, 50, 58}, {0.99, 9, 12}} {
		synctest.Test(t, func(t *testing.T) {
			cfg := config()
			cfg.InFlight, cfg.Limits.Events = 1, 1
			h := start(t, cfg)
			h.meta.set(func([]string) Answer {
				a := ok()
				a.Usage = c.usage
				return a
			})
			lc, ch := h.chunkOf(0, signals(0, 500))
			h.chunks = append(h.chunks, ch)
			h.in <- lc
			wait(10 * time.Second)
			if n := h.meta.count(); n < c.min || n > c.max {
				t.Errorf("at %v: %d posts in 10 s, want %d to %d", c.usage, n, c.min, c.max)
			}
			if g := h.metric("omnicapi_usage_ratio", "dataset", "shop"); g != c.usage {
				t.Errorf("ratio shown is %v", g)
			}
			h.end()
		})
	}
}
