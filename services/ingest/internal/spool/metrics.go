package spool

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are registered once a spool; every label value is known at the start.
type metrics struct {
	spooled, drained prometheus.Counter
	refused          *prometheus.CounterVec // by why the spool did not take it
	aside            *prometheus.CounterVec // by why Kafka did not take it
	all              []prometheus.Collector
}

func newMetrics(reg prometheus.Registerer, s *Spool) *metrics {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	count := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Name: name, Help: help}
	}
	m := &metrics{
		spooled: prometheus.NewCounter(count("omnicapi_ingest_spool_spooled_total", "Events that were acknowledged once they were in the spool.")),
		drained: prometheus.NewCounter(count("omnicapi_ingest_spool_drained_total", "Events of the spool that are on Kafka.")),
		refused: prometheus.NewCounterVec(count("omnicapi_ingest_spool_refused_total", "Events that neither Kafka nor the spool took, by why the spool did not: their senders were answered 503."), []string{"reason"}),
		aside:   prometheus.NewCounterVec(count("omnicapi_ingest_spool_set_aside_total", "Times that Kafka refused an event of the spool, by reason: it is kept, and tried again."), []string{"reason"}),
	}
	m.all = []prometheus.Collector{
		m.spooled, m.drained, m.refused, m.aside,
		gauge("omnicapi_ingest_spool_bytes", "What the spool's events take of ingest.spool.size.", func() float64 { return float64(s.holds().bytes()) }),
		gauge("omnicapi_ingest_spool_size_bytes", "The configured ingest.spool.size.", func() float64 { return float64(s.Size) }),
		gauge("omnicapi_ingest_spool_events", "Events in the spool, those set aside included.", func() float64 { return float64(s.holds().events()) }),
		gauge("omnicapi_ingest_spool_set_aside_events", "Events in the spool that Kafka refused.", func() float64 { return float64(s.holds().aside.events) }),
		gauge("omnicapi_ingest_spool_oldest_age_seconds", "Since the arrival of the oldest event in the spool; 0: it is empty.", func() float64 { return s.age().Seconds() }),
	}
	for _, c := range m.all {
		reg.MustRegister(c)
	}
	for _, r := range refusals {
		m.refused.WithLabelValues(string(r))
	}
	for _, v := range verdicts {
		m.aside.WithLabelValues(string(v))
	}
	return m
}

func (m *metrics) refuse(r refusal, events int) {
	m.refused.WithLabelValues(string(r)).Add(float64(events))
}

func (m *metrics) unregister(reg prometheus.Registerer) {
	for _, c := range m.all {
		reg.Unregister(c)
	}
}

// age is how long ago the oldest event arrived.
func (s *Spool) age() time.Duration {
	if s.holds().events() == 0 {
		return 0
	}
	at := s.store.oldest()
	if at.IsZero() {
		return 0
	}
	return time.Since(at)
}
