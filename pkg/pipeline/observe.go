package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// The possible results of trying one record once.
const (
	handled = "handled"
	retried = "retried"
	dead    = "dead"
)

// metrics are the metrics of one consumer. All series exist from the start, at zero.
type metrics struct {
	name    string
	records *prometheus.CounterVec
	seconds prometheus.Histogram
	letters *prometheus.CounterVec
}

func newMetrics(name string, reg prometheus.Registerer) (*metrics, error) {
	constant := prometheus.Labels{"consumer": name}
	m := &metrics{
		name: name,
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_consumer_records_total", Help: "Tries of records, by how they ended.", ConstLabels: constant,
		}, []string{"result"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "omnicapi_consumer_handle_seconds", Help: "Time of one try of one record.", ConstLabels: constant,
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}),
		letters: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnicapi_deadletters_total", Help: "Dead letters written, by stage and reason.",
		}, []string{"stage", "reason"}),
	}
	for _, result := range []string{handled, retried, dead} {
		m.records.WithLabelValues(result)
	}
	for _, reason := range fault.DeadReasons {
		m.letters.WithLabelValues(name, string(reason))
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.records, m.seconds, m.letters} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("registering metrics: %w", err)
		}
	}
	return m, nil
}

// around wraps next to count each try.
func (m *metrics) around(next Handler) Handler {
	return func(ctx context.Context, r *stream.Record) error {
		began := time.Now()
		err := next(ctx, r)
		m.seconds.Observe(time.Since(began).Seconds())
		switch {
		case err == nil:
			m.records.WithLabelValues(handled).Inc()
		case fault.Of(err) != nil:
			m.records.WithLabelValues(dead).Inc()
		default:
			m.records.WithLabelValues(retried).Inc()
		}
		return err
	}
}

func (m *metrics) deadLetter(reason fault.Reason) {
	m.letters.WithLabelValues(m.name, string(reason)).Inc()
}
