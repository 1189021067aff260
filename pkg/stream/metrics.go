package stream

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are computed at a scrape from the trackers of the partitions that this process owns at that moment.
type metrics struct {
	mu       sync.Mutex
	reg      prometheus.Registerer
	assigned map[string]map[string]map[int]*tracker // by group

	lagRecords, oldestAge *prometheus.Desc
	lostRecords           *prometheus.CounterVec
}

func newMetrics() *metrics {
	labels := []string{"topic", "partition"}
	return &metrics{
		assigned:   map[string]map[string]map[int]*tracker{},
		lagRecords: prometheus.NewDesc("omnicapi_consumer_lag_records", "Records of an owned partition that are not settled.", labels, nil),
		oldestAge:  prometheus.NewDesc("omnicapi_consumer_oldest_age_seconds", "Age of the oldest fetched record that is not settled; 0: none.", labels, nil),
		lostRecords: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_consumer_lost_records_total", Help: "Records that were gone before they were consumed.",
		}, labels),
	}
}

func (m *metrics) register(reg prometheus.Registerer) error {
	if reg == nil {
		return nil
	}
	for _, c := range []prometheus.Collector{m, m.lostRecords} {
		if err := reg.Register(c); err != nil {
			return fmt.Errorf("registering metrics: %w", err)
		}
	}
	m.reg = reg
	return nil
}

func (m *metrics) unregister() {
	if m.reg != nil {
		m.reg.Unregister(m)
		m.reg.Unregister(m.lostRecords)
	}
}

func (m *metrics) assign(group string, trackers map[string]map[int]*tracker) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.assigned[group] = trackers
}

func (m *metrics) revoke(group string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.assigned, group)
}

func (m *metrics) lost(topic string, partition int, records int64) {
	m.lostRecords.WithLabelValues(topic, strconv.Itoa(partition)).Add(float64(records))
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(out chan<- *prometheus.Desc) { out <- m.lagRecords; out <- m.oldestAge }

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for _, topics := range m.assigned {
		for topic, partitions := range topics {
			for p, t := range partitions {
				records, age := t.lag(now)
				out <- prometheus.MustNewConstMetric(m.lagRecords, prometheus.GaugeValue, float64(records), topic, strconv.Itoa(p))
				out <- prometheus.MustNewConstMetric(m.oldestAge, prometheus.GaugeValue, age.Seconds(), topic, strconv.Itoa(p))
			}
		}
	}
}
