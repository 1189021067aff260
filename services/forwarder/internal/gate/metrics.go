package gate

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Metrics show the gates of all lanes.
type Metrics struct {
	parked   *prometheus.GaugeVec
	throttle *prometheus.GaugeVec
	usage    *prometheus.GaugeVec
}

// NewMetrics registers them, every series of the configured datasets from the start.
func NewMetrics(reg prometheus.Registerer, datasets []string) *Metrics {
	m := &Metrics{
		parked: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_lane_parked", Help: "1 while a dataset's lane is parked: a person must act.",
		}, []string{"dataset", "reason"}),
		throttle: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_lane_throttle_seconds", Help: "Length of the pause a dataset's lane is in; 0 while it posts.",
		}, []string{"dataset"}),
		usage: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_usage_ratio", Help: "Highest usage figure of Meta's last answer; 1 is the limit.",
		}, []string{"dataset"}),
	}
	reg.MustRegister(m.parked, m.throttle, m.usage)
	for _, d := range datasets {
		m.showParked(d, capi.NoReason)
		m.showPause(d, 0)
		m.usage.WithLabelValues(d)
	}
	return m
}

// showParked shows one reason, or none.
func (m *Metrics) showParked(dataset string, reason capi.SetupReason) {
	for _, r := range ParkReasons {
		v := 0.0
		if r == reason {
			v = 1
		}
		m.parked.WithLabelValues(dataset, string(r)).Set(v)
	}
}

// showPause shows the length of a pause; 0: there is none.
func (m *Metrics) showPause(dataset string, d time.Duration) {
	m.throttle.WithLabelValues(dataset).Set(d.Seconds())
}
