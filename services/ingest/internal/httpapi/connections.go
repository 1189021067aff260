package httpapi

import (
	"net"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
)

// filesKept is how many files the process may open beside its clients' connections: Kafka's, secrets, the spool.
const filesKept = 256

// newConnections bounds the connections of clients, those of one network and in all, by the configuration and by what the
// system lets the process open.
func newConnections(reg prometheus.Registerer, a *API, c config.Ingest) *network.Connections {
	most := fitting(c.MaxConnections, network.Files())
	if most < c.MaxConnections {
		a.log.Warn("the system lets this process open fewer files than max_connections needs", "max_connections", c.MaxConnections, "connections", most)
	}
	refused := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_refused_connections_total",
		Help: "Connections that were refused because there were too many, by the key of the configuration that says so.",
	}, []string{"reason"})
	for _, r := range network.Reasons {
		refused.WithLabelValues(string(r))
	}
	said := &quiet[network.Reason]{}
	connections := &network.Connections{
		Max: most, PerNetwork: c.MaxConnectionsPerNetwork, Exempt: a.uncounted, TLS: c.TLS.CertFile != "", Proven: a.isProven,
		Refused: func(r network.Reason) {
			refused.WithLabelValues(string(r)).Inc()
			if more, say := said.say(a.now(), r); say {
				a.log.Warn("connections are refused", "reason", string(r), "more_since_last", more)
			}
		},
	}
	reg.MustRegister(refused, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "omnicapi_ingest_connections",
		Help: "Connections of clients.",
	}, func() float64 { return float64(connections.Open()) }))
	return connections
}

// fitting is how many connections there may be where so many files may be open.
func fitting(most, files int) int { return min(most, max(files-filesKept, files/2)) }

// Listen bounds the connections that the server of a takes from a listener.
func (a *API) Listen(l net.Listener) net.Listener { return a.connections.Listen(l) }
