package lane

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// Metrics are the forwarder's: one set for all lanes, every series there from the start.
type Metrics struct {
	batch   prometheus.Histogram
	request *prometheus.HistogramVec
	gate    *gate.Metrics
	fate    *fate.Metrics
}

// NewMetrics registers them for the configured datasets.
func NewMetrics(reg prometheus.Registerer, datasets []string) *Metrics {
	m := &Metrics{
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "omnicapi_forwarder_batch_events", Help: "Events of one POST.",
			Buckets: []float64{1, 2, 5, 10, 25, 50, 100, 250, 500, 750, 1000},
		}),
		request: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "omnicapi_forwarder_request_seconds", Help: "Time of one POST to Meta, by the class of its answer.",
			Buckets: []float64{.025, .05, .1, .2, .4, .6, .8, 1, 1.5, 2.5, 5, 8, 15, 30},
		}, []string{"dataset", "class"}),
		gate: gate.NewMetrics(reg, datasets),
		fate: fate.NewMetrics(reg, datasets),
	}
	reg.MustRegister(m.batch, m.request)
	for _, d := range datasets {
		for _, c := range capi.Classes {
			m.request.WithLabelValues(d, string(c))
		}
	}
	return m
}
