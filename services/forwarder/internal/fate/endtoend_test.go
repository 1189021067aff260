package fate

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// TestEndToEnd: each event counts in its channel's bucket, those of no known channel nowhere.
func TestEndToEnd(t *testing.T) {
	h := newEndToEnd()
	reg := prometheus.NewRegistry()
	reg.MustRegister(h)
	at := time.Unix(1_795_426_200, 0)
	var events []batch.Event
	for _, e := range []struct {
		channel string
		age     time.Duration
	}{{"website", 100 * time.Millisecond}, {"store", 2 * time.Second}, {"website", 101 * time.Millisecond}, {"radio", time.Second}, {"website", -time.Second}, {"store", 8 * 24 * time.Hour}} {
		events = append(events, batch.Event{Channel: e.channel, Arrived: batch.At(at.Add(-e.age))})
	}
	h.observe(events, at)
	families, err := reg.Gather()
	if err != nil || len(families) != 1 || len(families[0].GetMetric()) != 8 {
		t.Fatalf("%v %v", families, err)
	}
	for _, m := range families[0].GetMetric() {
		got := m.GetHistogram()
		want := map[string][3]float64{"website": {3, .201, 2}, "store": {2, 8*86400 + 2, 0}}[m.GetLabel()[0].GetValue()]
		upTo100ms := float64(got.GetBucket()[0].GetCumulativeCount())
		if n, sum := float64(got.GetSampleCount()), got.GetSampleSum(); n != want[0] || sum-want[1] > 1e-9 || want[1]-sum > 1e-9 || upTo100ms != want[2] {
			t.Errorf("%s: %v of %v s, %v up to 0.1 s, want %v", m.GetLabel()[0].GetValue(), n, sum, upTo100ms, want)
		}
		if last := got.GetBucket()[len(endToEndBuckets)-1].GetCumulativeCount(); want[0] == 2 && last != 1 {
			t.Errorf("%d within a week", last)
		}
	}
}
