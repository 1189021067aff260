package lane

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/prometheus/client_golang/prometheus"
)

func TestRate(t *testing.T) {
	for _, c := range []struct{ usage, want float64 }{
		{-1, 1}, {0, 1}, {.75, 1}, {.85, .55}, {.95, .1}, {1, .1}, {7, .1}, {math.NaN(), 1},
	} {
		if got := rate(c.usage); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("rate at %v is %v, want %v", c.usage, got, c.want)
		}
	}
	if d := rest(.95, time.Second); d != 9*time.Second {
		t.Errorf("rest %v", d)
	}
}

func TestJitter(t *testing.T) {
	for _, c := range []struct {
		class    capi.Class
		failures int
		most     time.Duration
	}{
		{capi.Transient, 0, time.Second},
		{capi.Transient, 3, 8 * time.Second},
		{capi.Transient, 60, transientMost},
		{capi.Throttle, 0, 2 * time.Second},
		{capi.Throttle, 1 << 20, throttleMost},
	} {
		longest, shortest := time.Duration(0), c.most
		for range 2000 {
			d := jitter(c.class, c.failures)
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

// TestGateSiblings: four posts fail at once; that is one failure, not four.
func TestGateSiblings(t *testing.T) {
	now := time.Unix(0, 0)
	var g gate
	if g.width(now, 4) != 4 {
		t.Fatal("a new gate is not open")
	}
	epoch := g.epoch
	if g.pause(now, epoch, capi.Transient, 5*time.Second) != 5*time.Second {
		t.Fatal("no pause")
	}
	for range 3 {
		if d := g.pause(now, epoch, capi.Transient, 0); d != 0 || g.failures != 1 {
			t.Fatalf("a sibling's failure counts: %v, %d", d, g.failures)
		}
	}
	if g.pause(now, epoch, capi.Throttle, time.Minute); g.until != now.Add(time.Minute) {
		t.Errorf("a sibling's Retry-After is lost: %v", g.until)
	}
	if g.reached(epoch) || g.width(now, 4) != 0 {
		t.Error("a sibling's success ends a pause")
	}
	now = now.Add(time.Minute)
	if g.width(now, 4) != 1 {
		t.Error("no trial after the pause")
	}
	if !g.reached(g.epoch) || g.width(now, 4) != 4 || g.failures != 0 {
		t.Error("a good trial does not open the gate")
	}
	if g.park(now, g.epoch, capi.Token, 1); g.width(now, 4) != 0 {
		t.Error("a parked gate lets posts through")
	}
	if g.park(now.Add(10*time.Second), epoch, capi.Token, 1) || g.width(now.Add(29*time.Second), 4) != 0 || g.width(now.Add(30*time.Second), 4) != 1 {
		t.Error("a late sibling's refusal moves the probe")
	}
	if g.pause(now, g.epoch, capi.Throttle, 2*time.Hour); !g.until.Equal(now.Add(probeEvery)) {
		t.Errorf("a throttled probe: next at %v", g.until)
	}
}

// TestMetricsFromTheStart: every series is there at zero, with labels of closed lists only.
func TestMetricsFromTheStart(t *testing.T) {
	reg := prometheus.NewRegistry()
	NewMetrics(reg, []string{"a", "b"})
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := map[string]int{}
	for _, f := range families {
		series[f.GetName()] = len(f.GetMetric())
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if strings.ContainsAny(l.GetValue(), " /{}") {
					t.Errorf("%s has the label %s=%q", f.GetName(), l.GetName(), l.GetValue())
				}
			}
		}
	}
	want := map[string]int{
		"omnicapi_forwarder_events_total":    2 * (1 + len(fault.DeadReasons) + len(fault.DropReasons)),
		"omnicapi_forwarder_batch_events":    1,
		"omnicapi_forwarder_request_seconds": 2 * len(capi.Classes),
		"omnicapi_lane_parked":               2 * len(ParkReasons),
		"omnicapi_lane_throttle_seconds":     2,
		"omnicapi_usage_ratio":               2,
		"omnicapi_deadletters_total":         len(fault.DeadReasons),
		"omnicapi_end_to_end_seconds":        8,
	}
	for name, n := range want {
		if series[name] != n {
			t.Errorf("%s has %d series, want %d", name, series[name], n)
		}
	}
	if len(series) != len(want) {
		t.Errorf("series %v", series)
	}
}
