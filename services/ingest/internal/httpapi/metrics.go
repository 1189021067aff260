package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// result is what became of events here.
type result int

const (
	accepted     result = iota
	rejected            // alone: the answer names their index
	ignored             // their format makes no event of them
	refusedWhole        // with their request; one that was not read counts as one event
	failed              // Kafka did not take them, or there was no room; a request that was not read counts as one event
	repeated            // of a signed request that was taken before: not stored again
	results
)

var resultNames = [results]string{"accepted", "rejected", "ignored", "refused", "failed", "repeated"}

// unknown is the source of requests that belong to none.
const unknown = "unknown"

var codes = []int{
	http.StatusOK, http.StatusAccepted, http.StatusNoContent, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
	http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
	http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
}

type timing struct {
	route string
	code  int
}

// seriesKey is a source, of unknown senders "format/" and the format, and what its requests showed.
type seriesKey struct {
	source string
	trust  event.Trust
}

// metrics are the counters, looked up once: every label value is known at the start.
type metrics struct {
	events  map[seriesKey]*[results]prometheus.Counter
	bytes   map[seriesKey]traffic
	seconds map[timing]prometheus.Observer
	noRoom  [pools]prometheus.Counter
	foreign map[string]prometheus.Counter // by source
}

// traffic is bytes of requests whose events were stored: as they came, and of the records that were made of them.
type traffic struct{ received, stored prometheus.Counter }

func newMetrics(reg prometheus.Registerer, a *API) *metrics {
	events := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_events_total",
		Help: "Events received, by what became of them at ingest.",
	}, []string{"channel", "format", "source", "trust", "result"})
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "omnicapi_ingest_request_seconds",
		Help:    "Time from a request's head to its answer, by route and status code.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route", "code"})
	full := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_no_room_total",
		Help: "Requests refused because max_pending had no room for them, by what their sender had proven.",
	}, []string{"pool"})
	foreign := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_replaced_ids_total",
		Help: "Event ids of another format's own kind that senders gave who prove nothing, and that were replaced.",
	}, []string{"source"})
	received := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_received_bytes_total",
		Help: "Bytes of requests whose events were stored, head and body as they came.",
	}, []string{"source", "trust"})
	stored := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_stored_bytes_total",
		Help: "Bytes of the records that were stored, before compression.",
	}, []string{"source", "trust"})
	reg.MustRegister(events, seconds, full, foreign, received, stored)
	m := &metrics{foreign: map[string]prometheus.Counter{}, events: map[seriesKey]*[results]prometheus.Counter{}, bytes: map[seriesKey]traffic{}, seconds: map[timing]prometheus.Observer{}}
	for p, name := range poolNames {
		m.noRoom[p] = full.WithLabelValues(name)
	}
	of := func(channel, format, source string, trust event.Trust) *[results]prometheus.Counter {
		var c [results]prometheus.Counter
		for r, name := range resultNames {
			c[r] = events.WithLabelValues(channel, format, source, string(trust), name)
		}
		return &c
	}
	for _, s := range a.sources.All() {
		m.foreign[s.Name] = foreign.WithLabelValues(s.Name)
		for _, trust := range event.Trusts {
			key := seriesKey{s.Name, trust}
			m.events[key] = of(s.Channel, s.Format, s.Name, trust)
			m.bytes[key] = traffic{received.WithLabelValues(s.Name, string(trust)), stored.WithLabelValues(s.Name, string(trust))}
		}
	}
	for _, f := range a.formats {
		m.events[seriesKey{"format/" + f.Name, event.Unproven}] = of(unknown, f.Name, unknown, event.Unproven)
	}
	routes := []string{otherRoute}
	for _, e := range a.endpoints {
		routes = append(routes, e.label)
	}
	for _, route := range routes {
		for _, code := range codes {
			m.seconds[timing{route, code}] = seconds.WithLabelValues(route, strconv.Itoa(code))
		}
	}
	return m
}

// registerPending shows what max_pending is taken up by.
func (a *API) registerPending(reg prometheus.Registerer, waiting Waiting) {
	for p, name := range poolNames {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name:        "omnicapi_ingest_pending_bytes",
			Help:        "Bytes of bodies that are being read or stored and of events that Kafka has not acknowledged yet, by what their sender has proven.",
			ConstLabels: prometheus.Labels{"pool": name},
		}, func() float64 {
			n := a.bodies.usedBy(pool(p))
			if waiting != nil {
				proven, unproven := waiting()
				n += [pools]int64{proven, unproven}[p]
			}
			return float64(n)
		}))
	}
}

// count counts the request's events by what became of them.
func (x *exchange) count(refusal *receive.Refusal) {
	items, rejections := len(x.batch.Items), len(x.batch.Rejected)
	switch {
	case x.repeated:
		x.add(repeated, items)
	case refusal == nil:
		if x.batch.Foreign > 0 {
			x.api.metrics.foreign[x.source.Name].Add(float64(x.batch.Foreign))
		}
		x.add(accepted, items)
		x.add(rejected, rejections)
		x.add(ignored, x.batch.Ignored)
	case refusal.Kind == receive.Unavailable:
		x.add(failed, max(items, 1))
		x.add(rejected, rejections)
	default:
		x.add(refusedWhole, max(items+rejections, 1))
	}
}

func (x *exchange) add(r result, n int) {
	x.api.metrics.add(x.source, x.format.Name, x.facts.Trust, r, n)
}

// add adds n events of a source or, for nil, of a format's unknown sender.
func (m *metrics) add(s *source.Source, format string, trust event.Trust, r result, n int) {
	if n == 0 {
		return
	}
	key := seriesKey{"format/" + format, event.Unproven}
	if s != nil {
		key = seriesKey{s.Name, trust}
	}
	if c := m.events[key]; c != nil {
		c[r].Add(float64(n))
	}
}

// stored adds the bytes of a request whose events were stored.
func (m *metrics) stored(s *source.Source, trust event.Trust, received, stored int) {
	if c, known := m.bytes[seriesKey{s.Name, trust}]; known {
		c.received.Add(float64(received))
		c.stored.Add(float64(stored))
	}
}

func (m *metrics) request(route string, code int, took time.Duration) {
	if o := m.seconds[timing{route, code}]; o != nil {
		o.Observe(took.Seconds())
	}
}
