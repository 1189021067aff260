package lane

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

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
		"omnicapi_forwarder_events_total":    2 * 2 * (1 + len(fault.DeadReasons) + len(fault.DropReasons)),
		"omnicapi_forwarder_batch_events":    1,
		"omnicapi_forwarder_request_seconds": 2 * len(capi.Classes),
		"omnicapi_lane_parked":               2 * len(gate.ParkReasons),
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
