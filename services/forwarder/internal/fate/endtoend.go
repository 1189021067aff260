package fate

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// endToEndBuckets are upper bounds in seconds.
var endToEndBuckets = [...]float64{.1, .25, .5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 86400, 7 * 86400}

// endToEnd is the histogram omnicapi_end_to_end_seconds{channel}: the time from an event's arrival at ingest to Meta's
// answer that took it. It observes all events of a batch under one lock, where Prometheus' own histogram locks for each.
type endToEnd struct {
	desc      *prometheus.Desc
	mu        sync.Mutex
	byChannel map[string]*histogram // all channels from the start
}

// histogram is how many observations fell into each bucket (the last one: beyond all bounds), and the sum of their seconds.
type histogram struct {
	counts [len(endToEndBuckets) + 1]uint64
	sum    float64
}

func newEndToEnd() *endToEnd {
	h := &endToEnd{
		desc: prometheus.NewDesc("omnicapi_end_to_end_seconds",
			"Time from an event's arrival at ingest to Meta's answer that took it.", []string{"channel"}, nil),
		byChannel: map[string]*histogram{},
	}
	for _, c := range topic.Channels {
		h.byChannel[c] = &histogram{}
	}
	return h
}

// observe counts events that Meta took at a time. An event of an unknown channel is left out: labels are a closed list.
func (h *endToEnd) observe(events []batch.Event, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var channel *histogram
	until := batch.At(at)
	for i := range events {
		e := &events[i]
		if i == 0 || e.Channel != events[i-1].Channel {
			channel = h.byChannel[e.Channel]
		}
		if channel != nil {
			channel.add(float64(max(0, int64(until-e.Arrived))) / 1000)
		}
	}
}

func (c *histogram) add(seconds float64) {
	i := 0
	for i < len(endToEndBuckets) && seconds > endToEndBuckets[i] {
		i++
	}
	c.counts[i]++
	c.sum += seconds
}

// Describe and Collect make it a prometheus.Collector.
func (h *endToEnd) Describe(ch chan<- *prometheus.Desc) { ch <- h.desc }

// Collect hands out one histogram a channel.
func (h *endToEnd) Collect(ch chan<- prometheus.Metric) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for channel, c := range h.byChannel {
		buckets := make(map[float64]uint64, len(endToEndBuckets))
		count := uint64(0)
		for i, bound := range endToEndBuckets {
			count += c.counts[i]
			buckets[bound] = count
		}
		count += c.counts[len(endToEndBuckets)]
		ch <- prometheus.MustNewConstHistogram(h.desc, count, c.sum, buckets, channel)
	}
}
