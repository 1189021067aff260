package lane

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the forwarder's series of contract.md, one set for all lanes, every series there from the start.
type Metrics struct {
	events      *prometheus.CounterVec
	batch       prometheus.Histogram
	request     *prometheus.HistogramVec
	deadLetters *prometheus.CounterVec
	endToEnd    *endToEnd
	gate        *gate.Metrics
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
		deadLetters: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_deadletters_total", Help: "Dead letters written, by stage and reason.",
		}, []string{"stage", "reason"}),
		endToEnd: newEndToEnd(),
		gate:     gate.NewMetrics(reg, datasets),
	}
	reg.MustRegister(m.events, m.batch, m.request, m.deadLetters, m.endToEnd)
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
}

// ended counts an event whose fate is on Kafka.
func (m *Metrics) ended(dataset string, v *verdict, n int) {
	m.events.WithLabelValues(dataset, string(v.fate), string(v.reason)).Add(float64(n))
	if v.fate == fault.Dead {
		m.deadLetters.WithLabelValues(string(fault.Forwarder), string(v.reason)).Add(float64(n))
	}
}
