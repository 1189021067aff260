package lane

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the forwarder's series of contract.md, one set for all lanes, every series there from the start.
type Metrics struct {
	events      *prometheus.CounterVec
	batch       prometheus.Histogram
	request     *prometheus.HistogramVec
	parked      *prometheus.GaugeVec
	throttle    *prometheus.GaugeVec
	usage       *prometheus.GaugeVec
	deadLetters *prometheus.CounterVec
	endToEnd    *endToEnd
}

// NewMetrics registers them for the configured datasets.
func NewMetrics(reg prometheus.Registerer, datasets []string) *Metrics {
	m := &Metrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_forwarder_events_total",
			Help: "Events whose fate is on Kafka, by fate (result) and reason.",
		}, []string{"dataset", "result", "reason"}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "omnicapi_forwarder_batch_events", Help: "Events of one POST.",
			Buckets: []float64{1, 2, 5, 10, 25, 50, 100, 250, 500, 750, 1000},
		}),
		request: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "omnicapi_forwarder_request_seconds", Help: "Time of one POST to Meta, by the class of its answer.",
			Buckets: []float64{.025, .05, .1, .2, .4, .6, .8, 1, 1.5, 2.5, 5, 8, 15, 30},
		}, []string{"dataset", "class"}),
		parked: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_lane_parked", Help: "1 while a dataset's lane is parked: a person must act.",
		}, []string{"dataset", "reason"}),
		throttle: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_lane_throttle_seconds", Help: "Length of the pause a dataset's lane is in; 0 while it posts.",
		}, []string{"dataset"}),
		usage: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "omnicapi_usage_ratio", Help: "Highest usage figure of Meta's last answer; 1 is the limit.",
		}, []string{"dataset"}),
		deadLetters: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_deadletters_total", Help: "Dead letters written, by stage and reason.",
		}, []string{"stage", "reason"}),
		endToEnd: newEndToEnd(),
	}
	reg.MustRegister(m.events, m.batch, m.request, m.parked, m.throttle, m.usage, m.deadLetters, m.endToEnd)
	for _, r := range fault.DeadReasons {
		m.deadLetters.WithLabelValues(string(fault.Forwarder), string(r))
	}
	for _, d := range datasets {
		m.start(d)
	}
	return m
}

// start makes all series of one dataset.
func (m *Metrics) start(dataset string) {
	m.events.WithLabelValues(dataset, string(fault.Delivered), "")
	for _, r := range fault.DeadReasons {
		m.events.WithLabelValues(dataset, string(fault.Dead), string(r))
	}
	for _, r := range fault.DropReasons {
		m.events.WithLabelValues(dataset, string(fault.Dropped), string(r))
	}
	for _, c := range capi.Classes {
		m.request.WithLabelValues(dataset, string(c))
	}
	for _, r := range ParkReasons {
		m.parked.WithLabelValues(dataset, string(r))
	}
	m.throttle.WithLabelValues(dataset)
	m.usage.WithLabelValues(dataset)
}

// ended counts an event whose fate is on Kafka.
func (m *Metrics) ended(dataset string, v *verdict, n int) {
	m.events.WithLabelValues(dataset, string(v.fate), string(v.reason)).Add(float64(n))
	if v.fate == fault.Dead {
		m.deadLetters.WithLabelValues(string(fault.Forwarder), string(v.reason)).Add(float64(n))
	}
}

// setParked shows one reason, or none.
func (m *Metrics) setParked(dataset string, reason capi.SetupReason) {
	for _, r := range ParkReasons {
		v := 0.0
		if r == reason {
			v = 1
		}
		m.parked.WithLabelValues(dataset, string(r)).Set(v)
	}
}
