package lane

import (
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/prometheus/client_golang/prometheus"
)

// endToEndBuckets are upper bounds in seconds.
var endToEndBuckets = [...]float64{.1, .25, .5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 86400, 7 * 86400}

// endToEnd is the histogram omnicapi_end_to_end_seconds{channel}: the time from an event's arrival at ingest to Meta's
// answer that took it. It takes a batch's events under one lock; Prometheus' own takes each for itself.
type endToEnd struct {
	desc *prometheus.Desc
	mu   sync.Mutex
	of   map[string]*spread // by channel, all of them from the start
}

// spread is counts by bucket (the last one: beyond all bounds) and the sum of seconds.
type spread struct {
	counts [len(endToEndBuckets) + 1]uint64
	sum    float64
}

func newEndToEnd() *endToEnd {
	h := &endToEnd{
		desc: prometheus.NewDesc("omnicapi_end_to_end_seconds",
			"Time from an event's arrival at ingest to Meta's answer that took it.", []string{"channel"}, nil),
		of: map[string]*spread{},
	}
	for _, c := range topic.Channels {
		h.of[c] = &spread{}
	}
	return h
}

// observe notes events that Meta took at a time. A channel that is none of ours is left out: labels are a closed list.
func (h *endToEnd) observe(events []batch.Event, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var of *spread
	until := batch.At(at)
	for i := range events {
		e := &events[i]
		if i == 0 || e.Channel != events[i-1].Channel {
			of = h.of[e.Channel]
		}
		if of != nil {
			of.add(float64(max(0, int64(until-e.Arrived))) / 1000)
		}
	}
}

func (s *spread) add(seconds float64) {
	i := 0
	for i < len(endToEndBuckets) && seconds > endToEndBuckets[i] {
		i++
	}
	s.counts[i]++
	s.sum += seconds
}

// Describe and Collect make it a prometheus.Collector.
func (h *endToEnd) Describe(ch chan<- *prometheus.Desc) { ch <- h.desc }

// Collect hands out one histogram a channel.
func (h *endToEnd) Collect(ch chan<- prometheus.Metric) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for channel, s := range h.of {
		buckets := make(map[float64]uint64, len(endToEndBuckets))
		count := uint64(0)
		for i, bound := range endToEndBuckets {
			count += s.counts[i]
			buckets[bound] = count
		}
		count += s.counts[len(endToEndBuckets)]
		ch <- prometheus.MustNewConstHistogram(h.desc, count, s.sum, buckets, channel)
	}
}
