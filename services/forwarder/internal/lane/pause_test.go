package lane

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
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

// used answers well, with a usage figure.
func used(figure float64) func([]string) Answer {
	return func([]string) Answer { a := ok(); a.Usage = figure; return a }
}

// TestUsageSlowsSmallLoads (F32): near the limit a lane whose posters are mostly idle makes fewer calls too: small batches wait
// and grow. So it is for a lane that finds itself there when it starts, for one whose figure rises, for events of different
// parameters, and for a rare event or two.
func TestUsageSlowsSmallLoads(t *testing.T) {
	for name, c := range map[string]struct {
		every  time.Duration // between two events
		params int           // how many different ones
		before time.Duration // the figure is low
		usage  float64
		most   float64 // of the calls that it makes at a low figure
		least  float64
	}{
		"six a second, from the start":     {time.Second / 6, 1, 0, .97, .13, .05},
		"six a second, after a calm":       {time.Second / 6, 1, time.Minute, .97, .12, .08},
		"six a second at 85 %":             {time.Second / 6, 1, time.Minute, .85, .60, .45},
		"six a second at 75 %":             {time.Second / 6, 1, time.Minute, .75, 1.01, .99},
		"six a second of three parameters": {time.Second / 6, 3, 0, .97, .15, .05},
		"six a second of six parameters":   {time.Second / 6, 6, time.Minute, .97, .12, .05},
		"one in ten seconds":               {10 * time.Second, 1, 0, .97, .13, .05},
		"a hundred a second":               {time.Second / 100, 1, 0, .97, .13, .05},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := config()
				cfg.Limits.Linger = 100 * time.Millisecond
				h := start(t, cfg)
				h.meta.set(used(0.5))
				fed := 0
				feed := func(d time.Duration) (posts int) {
					t.Helper()
					before := h.meta.count()
					for end := time.Now().Add(d); time.Now().Before(end); <-time.After(c.every) {
						s := signal(fmt.Sprintf("e%05d", fed))
						s.Params = fmt.Appendf(nil, `{"partner_agent":"%d"}`, fed%c.params)
						h.feed(0, s)
						fed++
					}
					return h.meta.count() - before
				}
				feed(c.before)
				h.meta.set(used(c.usage))
				during := max(time.Minute, 100*c.every)
				natural := float64(min(during/c.every, during/cfg.Limits.Linger))
				if c.every < cfg.Limits.Linger {
					natural = float64(during / (cfg.Limits.Linger + c.every))
				}
				if got := float64(feed(during)) / natural; got > c.most || got < c.least {
					t.Errorf("%.3f of the calls are made, want %v to %v", got, c.least, c.most)
				}
				h.meta.set(used(0.2))
				wait(longestPause)
				h.want(fault.Delivered, fault.None, fed)
				h.end()
			})
		})
	}
}

// TestUsageSlowsFullBatches: neither do posters that rest slow a lane of full batches by themselves while most of them are
// idle, so such batches wait too; and no batch that is not full starves behind them. A rebalance forgets nothing of it.
func TestUsageSlowsFullBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight, cfg.Limits.Events = 8, 10
		h := start(t, cfg)
		h.meta.set(used(0.5))
		fed := 0
		second := func() {
			for range 3 {
				h.feed(0, signals(fed, 10)...)
				fed += 10
				<-time.After(time.Second / 3)
			}
		}
		for range 30 {
			second()
		}
		h.meta.set(used(0.99))
		second()
		h.end()
		wait(time.Second)
		h.generation()
		odd := signal("odd")
		odd.Params = []byte(`{"partner_agent":"x"}`)
		lone, _ := h.chunkOf(1, []event.Signal{odd})
		many, _ := h.chunkOf(0, signals(fed, 5000))
		go func() { h.in <- lone; h.in <- many }()
		before := h.meta.count()
		wait(time.Minute)
		if n := h.meta.count() - before; n < 15 || n > 21 {
			t.Errorf("%d posts in a minute, want a tenth of 180", n)
		}
		if !slices.Contains(h.bus.ids(fault.Delivered, fault.None), "odd") {
			t.Error("a batch that is not full starves")
		}
		h.end()
	})
}
