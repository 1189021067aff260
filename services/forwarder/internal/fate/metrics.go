package fate

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
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
		}, []string{"dataset", "trust", "result", "reason"}),
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
		for _, t := range event.Trusts {
			m.events.WithLabelValues(d, string(t), string(fault.Delivered), "")
			for _, r := range fault.DeadReasons {
				m.events.WithLabelValues(d, string(t), string(fault.Dead), string(r))
			}
			for _, r := range fault.DropReasons {
				m.events.WithLabelValues(d, string(t), string(fault.Dropped), string(r))
			}
		}
	}
	return m
}

// count counts a report that is on Kafka.
func (m *Metrics) count(dataset string, r *Report) {
	if r.Each != nil {
		for i := range r.Each {
			m.add(dataset, trustOf(&r.Events[i]), &r.Each[i], 1)
		}
		return
	}
	of := map[event.Trust]int{}
	for i := range r.Events {
		of[trustOf(&r.Events[i])]++
	}
	for trust, n := range of {
		m.add(dataset, trust, &r.Common, n)
	}
	if r.Common.Fate == fault.Delivered {
		m.endToEnd.observe(r.Events, r.Ended)
	}
}

func trustOf(e *batch.Event) event.Trust {
	if e.Unproven {
		return event.Unproven
	}
	return event.Proven
}

func (m *Metrics) add(dataset string, trust event.Trust, e *event.Ending, n int) {
	m.events.WithLabelValues(dataset, string(trust), string(e.Fate), string(e.Reason)).Add(float64(n))
	if e.Fate == fault.Dead {
		m.deadLetters.WithLabelValues(string(fault.Forwarder), string(e.Reason)).Add(float64(n))
	}
}
