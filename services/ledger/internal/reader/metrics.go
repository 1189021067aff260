package reader

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// label is a topic's name without the prefix.
func label(t index.Topic) string {
	if t == index.Letters {
		return "deadletters"
	}
	return "outcomes"
}

// Metrics are those of all readers.
type Metrics struct {
	records *prometheus.CounterVec
	missed  *prometheus.CounterVec
	lag     *prometheus.Desc
	asOf    *prometheus.Desc
	bytes   *prometheus.Desc

	store   index.Store
	readers []*Reader
}

// NewMetrics returns the metrics, registered; Watch adds the readers whose progress they show.
func NewMetrics(reg prometheus.Registerer, store index.Store) *Metrics {
	m := &Metrics{
		store: store,
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_ledger_records_total", Help: "Records that were read; result: read, or unreadable and passed by.",
		}, []string{"topic", "result"}),
		missed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_ledger_missed_records_total", Help: "Records that Kafka no longer had when the ledger came to read them.",
		}, []string{"topic"}),
		lag: prometheus.NewDesc("omnicapi_ledger_lag_records", "Records that are on the topic and not in the index.", []string{"topic"}, nil),
		asOf: prometheus.NewDesc("omnicapi_ledger_as_of_seconds", "Unix time: what was on the topic by then is in the index; 0: it was not read to its end yet.",
			[]string{"topic"}, nil),
		bytes: prometheus.NewDesc("omnicapi_ledger_store_bytes", "Bytes that the index takes on the disk.", nil, nil),
	}
	for _, t := range index.Topics {
		for _, result := range []string{"read", "unreadable"} {
			m.records.WithLabelValues(label(t), result)
		}
		m.missed.WithLabelValues(label(t))
	}
	reg.MustRegister(m.records, m.missed)
	return m
}

// Watch adds the readers, and registers what is asked at the scrape.
func (m *Metrics) Watch(reg prometheus.Registerer, readers ...*Reader) {
	m.readers = readers
	reg.MustRegister(m)
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) { out <- m.lag; out <- m.asOf; out <- m.bytes }

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	for _, r := range m.readers {
		p := r.Progress()
		out <- prometheus.MustNewConstMetric(m.lag, prometheus.GaugeValue, float64(p.Lag), label(r.topic))
		asOf := 0.0
		if !p.AsOf.IsZero() {
			asOf = float64(p.AsOf.Unix())
		}
		out <- prometheus.MustNewConstMetric(m.asOf, prometheus.GaugeValue, asOf, label(r.topic))
	}
	if stats, err := m.store.Stats(); err == nil {
		out <- prometheus.MustNewConstMetric(m.bytes, prometheus.GaugeValue, float64(stats.Bytes))
	}
}
