package httpapi

import (
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
)

// unproven bounds the events that a client network sends and proves nothing of.
type unproven struct {
	rates *network.Rates // nil: no limit
	log   *slog.Logger
	total *prometheus.CounterVec
	said  quiet[string] // by source
}

func newUnproven(reg prometheus.Registerer, a *API, perSecond float64, burst int) *unproven {
	if burst == 0 {
		burst = int(perSecond)
	}
	u := &unproven{log: a.log, rates: network.NewRates(perSecond, burst), total: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_network_limited_events_total",
		Help: "Unproven events refused because their client network sends more than unproven_per_network.",
	}, []string{"source"})}
	reg.MustRegister(u.total)
	for _, s := range a.sources.All() {
		u.total.WithLabelValues(s.Name)
	}
	return u
}

// takeNetwork takes what an unproven request brings, be it taken or rejected, from what its client network may send. A sender that
// stops for good after a refusal is not refused.
func (x *exchange) takeNetwork() *receive.Refusal {
	if x.facts.Trust != event.Unproven || x.exempt || x.format.TurnsOff {
		return nil
	}
	brought := max(len(x.batch.Items)+len(x.batch.Rejected)+x.batch.Ignored, 1)
	wait, ok := x.api.unproven.rates.Take(x.in.Now, brought, x.network.Shares())
	if ok {
		return nil
	}
	x.wait = wait
	x.api.unproven.limited(x, brought)
	return &receive.Refusal{Kind: receive.RateLimited, Detail: "over the rate of its network"}
}

// limited counts events that are refused, and says so once a minute.
func (u *unproven) limited(x *exchange, events int) {
	u.total.WithLabelValues(x.source.Name).Add(float64(events))
	more, say := u.said.say(x.in.Now, x.source.Name)
	if !say {
		return
	}
	u.log.Warn("a client network sends more unproven events than unproven_per_network", "source", x.source.Name, "format", x.format.Name,
		"more_since_last", more)
}
