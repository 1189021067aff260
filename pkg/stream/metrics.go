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
	assigned map[*assignment]struct{}

	lagRecords, oldestAge *prometheus.Desc
	lostRecords           *prometheus.CounterVec
}

// assignment is what one generation owns: trackers by topic and partition.
type assignment struct{ trackers map[string]map[int]*tracker }

func newMetrics() *metrics {
	labels := []string{"topic", "partition"}
	return &metrics{
		assigned:   map[*assignment]struct{}{},
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

// assign adds a generation's partitions; revoke, called at its end, removes them.
func (m *metrics) assign(trackers map[string]map[int]*tracker) (revoke func()) {
	a := &assignment{trackers}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.assigned[a] = struct{}{}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.assigned, a)
	}
}

func (m *metrics) lost(topic string, partition int, records int64) {
	m.lostRecords.WithLabelValues(topic, strconv.Itoa(partition)).Add(float64(records))
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(out chan<- *prometheus.Desc) { out <- m.lagRecords; out <- m.oldestAge }

// Collect implements prometheus.Collector. Of a partition that two groups of this process read, or that a generation
// drains while the next has it already, the worse figures are shown.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	type partition struct {
		topic string
		id    int
	}
	type figures struct {
		records int64
		age     time.Duration
	}
	worst := map[partition]figures{}
	now := time.Now()
	m.mu.Lock()
	for a := range m.assigned {
		for topic, partitions := range a.trackers {
			for id, t := range partitions {
				records, age := t.lag(now)
				w := worst[partition{topic, id}]
				worst[partition{topic, id}] = figures{max(w.records, records), max(w.age, age)}
			}
		}
	}
	m.mu.Unlock()
	for p, w := range worst {
		out <- prometheus.MustNewConstMetric(m.lagRecords, prometheus.GaugeValue, float64(w.records), p.topic, strconv.Itoa(p.id))
		out <- prometheus.MustNewConstMetric(m.oldestAge, prometheus.GaugeValue, w.age.Seconds(), p.topic, strconv.Itoa(p.id))
	}
}
