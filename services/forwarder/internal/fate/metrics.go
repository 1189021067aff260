package fate

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Metrics count the events whose fate is on Kafka, those of all datasets.
type Metrics struct {
	events      *prometheus.CounterVec
	deadLetters *prometheus.CounterVec
	endToEnd    *endToEnd
}

// NewMetrics registers them, every series of the configured datasets from the start.
func NewMetrics(reg prometheus.Registerer, datasets []string) *Metrics {
	m := &Metrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_forwarder_events_total",
			Help: "Events whose fate is on Kafka, by fate (result) and reason.",
		}, []string{"dataset", "result", "reason"}),
		deadLetters: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_deadletters_total", Help: "Dead letters written, by stage and reason.",
		}, []string{"stage", "reason"}),
		endToEnd: newEndToEnd(),
	}
	reg.MustRegister(m.events, m.deadLetters, m.endToEnd)
	for _, r := range fault.DeadReasons {
		m.deadLetters.WithLabelValues(string(fault.Forwarder), string(r))
	}
	for _, d := range datasets {
		m.events.WithLabelValues(d, string(fault.Delivered), "")
		for _, r := range fault.DeadReasons {
			m.events.WithLabelValues(d, string(fault.Dead), string(r))
		}
		for _, r := range fault.DropReasons {
			m.events.WithLabelValues(d, string(fault.Dropped), string(r))
		}
	}
	return m
}

// count counts a report that is on Kafka.
func (m *Metrics) count(dataset string, r *Report) {
	if r.Each != nil {
		for i := range r.Each {
			m.add(dataset, &r.Each[i], 1)
		}
		return
	}
	m.add(dataset, &r.Common, len(r.Events))
	if r.Common.Fate == fault.Delivered {
		m.endToEnd.observe(r.Events, r.Ended)
	}
}

func (m *Metrics) add(dataset string, e *event.Ending, n int) {
	m.events.WithLabelValues(dataset, string(e.Fate), string(e.Reason)).Add(float64(n))
	if e.Fate == fault.Dead {
		m.deadLetters.WithLabelValues(string(fault.Forwarder), string(e.Reason)).Add(float64(n))
	}
}
