package stream

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are computed at a scrape from the trackers of the partitions that this process owns at that moment, and from the
// consumers that run.
type metrics struct {
	mu       sync.Mutex
	reg      prometheus.Registerer
	assigned map[*assignment]struct{}
	running  map[*Consumer]struct{}

	lagRecords, oldestAge, inGroup *prometheus.Desc
	lostRecords, rebalances        *prometheus.CounterVec
	rebalanceSeconds               *prometheus.HistogramVec
}

// rebalanceBuckets are upper bounds in seconds: without anybody in the way a rebalance takes less than one, a drain 8, the end of
// a killed member's session 10, a member that does not come 30.
var rebalanceBuckets = []float64{.1, .25, .5, 1, 2, 4, 8, 12, 20, 30, 60}

// assignment is what one generation owns: trackers by topic and partition.
type assignment struct{ trackers map[string]map[int]*tracker }

func newMetrics() *metrics {
	labels, group := []string{"topic", "partition"}, []string{"group"}
	return &metrics{
		assigned:   map[*assignment]struct{}{},
		running:    map[*Consumer]struct{}{},
		lagRecords: prometheus.NewDesc("omnicapi_consumer_lag_records", "Records of an owned partition that are not settled.", labels, nil),
		oldestAge:  prometheus.NewDesc("omnicapi_consumer_oldest_age_seconds", "Age of the oldest record that is not settled, or how long records wait to be fetched; 0: none.", labels, nil),
		inGroup:    prometheus.NewDesc("omnicapi_consumer_in_group", "1: this process is a member of the consumer group; 0: it is not.", group, nil),
		rebalances: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_consumer_rebalances_total", Help: "Rebalances of the consumer group, each time this process joined it included.",
		}, group),
		rebalanceSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "omnicapi_consumer_rebalance_seconds", Help: "How long a rebalance kept this process from fetching.", Buckets: rebalanceBuckets,
		}, group),
		lostRecords: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_consumer_lost_records_total", Help: "Records that were gone before they were consumed.",
		}, labels),
	}
}

func (m *metrics) register(reg prometheus.Registerer) error {
	if reg == nil {
		return nil
	}
	for _, c := range m.collectors() {
		if err := reg.Register(c); err != nil {
			return fmt.Errorf("registering metrics: %w", err)
		}
	}
	m.reg = reg
	return nil
}

func (m *metrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m, m.lostRecords, m.rebalances, m.rebalanceSeconds}
}

func (m *metrics) unregister() {
	if m.reg == nil {
		return
	}
	for _, c := range m.collectors() {
		m.reg.Unregister(c)
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

// run adds a consumer; ended removes it.
func (m *metrics) run(c *Consumer) (ended func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running[c] = struct{}{}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.running, c)
	}
}

func (m *metrics) rebalanced(group string, took time.Duration) {
	m.rebalances.WithLabelValues(group).Inc()
	m.rebalanceSeconds.WithLabelValues(group).Observe(took.Seconds())
}

func (m *metrics) lost(topic string, partition int, records int64) {
	m.lostRecords.WithLabelValues(topic, strconv.Itoa(partition)).Add(float64(records))
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(out chan<- *prometheus.Desc) {
	out <- m.lagRecords
	out <- m.oldestAge
	out <- m.inGroup
}

// Collect implements prometheus.Collector. Of a partition that two groups of this process read, or that a generation
// drains while the next has it already, the worse figures are shown; of a group with two members in this process likewise.
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
	in := map[string]bool{}
	for c := range m.running {
		others, known := in[c.cfg.Group]
		in[c.cfg.Group] = c.inGroup() && (others || !known)
	}
	m.mu.Unlock()
	for group, is := range in {
		value := 0.0
		if is {
			value = 1
		}
		out <- prometheus.MustNewConstMetric(m.inGroup, prometheus.GaugeValue, value, group)
	}
	for p, w := range worst {
		out <- prometheus.MustNewConstMetric(m.lagRecords, prometheus.GaugeValue, float64(w.records), p.topic, strconv.Itoa(p.id))
		out <- prometheus.MustNewConstMetric(m.oldestAge, prometheus.GaugeValue, w.age.Seconds(), p.topic, strconv.Itoa(p.id))
	}
}
