package config

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// minRate and maxRate are rates that no client network comes near; a bucket that fills at such a rate is counted in nanoseconds.
const (
	minRate = 0.001
	maxRate = 1e6
)

// networks checks a list of addresses and ranges.
func (c *checker) networks(path string, list []string) {
	for n, p := range list {
		_, asRange := netip.ParsePrefix(p)
		_, asAddr := netip.ParseAddr(p)
		if asRange != nil && asAddr != nil {
			c.wrong(fmt.Sprintf("%s.%d", path, n), "is no address or range, like 10.0.0.0/8")
		}
	}
}

// leastKept is below what anybody who looks for an event needs; a day is what expires at a time.
const leastKept = 24 * time.Hour

func (c *checker) ledger(l Ledger) {
	if l.Dir == "" {
		c.wrong("ledger.dir", "is empty: name a folder, which is made if it is missing")
	}
	if l.Retention < leastKept || l.Retention > 3650*24*time.Hour {
		c.wrong("ledger.retention", "is %s, not between 24h and 87600h", l.Retention)
	}
}

// processes checks what each process listens on and ingest's limits.
func (c *checker) processes() {
	i := c.cfg.Ingest
	addrs := []struct{ path, addr string }{
		{"ingest.listen", i.Listen},
		{"ingest.admin", i.Admin},
		{"ingest.metrics", i.Metrics},
		{"normalizer.admin", c.cfg.Normalizer.Admin},
		{"normalizer.metrics", c.cfg.Normalizer.Metrics},
		{"forwarder.admin", c.cfg.Forwarder.Admin},
		{"forwarder.metrics", c.cfg.Forwarder.Metrics},
		{"ledger.admin", c.cfg.Ledger.Admin},
		{"ledger.metrics", c.cfg.Ledger.Metrics},
		{"sandbox.listen", c.cfg.Sandbox.Listen},
	}
	taken := map[string]string{}
	for _, a := range addrs {
		if a.addr == "" && strings.HasSuffix(a.path, ".metrics") {
			continue
		}
		c.listen(a.path, a.addr)
		_, port, err := net.SplitHostPort(a.addr)
		if err != nil || port == "0" {
			continue
		}
		process, _, _ := strings.Cut(a.path, ".")
		together := c.is(RoleLocal) && process != "ledger" // up and demo run no ledger
		if other, ok := taken[port]; ok && (together || strings.HasPrefix(other, process+".")) {
			c.wrong(a.path, "has the port of %s: %s", other, port)
		}
		taken[port] = a.path
	}
	c.ledger(c.cfg.Ledger)
	c.ingestTLS(i.TLS)
	c.networks("ingest.trusted_proxies", i.TrustedProxies)
	c.networks("ingest.exempt_networks", i.ExemptNetworks)
	c.between("ingest.max_connections", int64(i.MaxConnections), 0, 1<<20, "")
	c.between("ingest.max_connections_per_network", int64(i.MaxConnectionsPerNetwork), 0, 1<<20, "")
	c.between("ingest.guesses_per_network", int64(i.GuessesPerNetwork), 0, 1<<20, "")
	if r := i.UnprovenPerNetwork.EventsPerSecond; r != 0 && (r < minRate || r > maxRate) {
		c.wrong("ingest.unproven_per_network.events_per_second", "is neither 0 (no limit) nor between %g and %d", minRate, int(maxRate))
	}
	c.between("ingest.unproven_per_network.burst", int64(i.UnprovenPerNetwork.Burst), 0, 1<<20, "")
	c.between("ingest.max_event", int64(i.MaxEvent), 1<<10, topic.MaxRecordBytes/2, " bytes")
	if i.MaxBody < i.MaxEvent {
		c.wrong("ingest.max_body", "is %s, smaller than max_event: %s", i.MaxBody, i.MaxEvent)
	}
	c.between("ingest.max_body", int64(i.MaxBody), 1<<10, 1<<30, " bytes")
	if i.MaxPending < i.MaxBody {
		c.wrong("ingest.max_pending", "is %s, smaller than max_body: %s", i.MaxPending, i.MaxBody)
	}
	if i.SecretGrace < 0 || i.SecretGrace > 24*time.Hour {
		c.wrong("ingest.secret_grace", "is %s, not between 0 and 24h", i.SecretGrace)
	}
	if i.Deadline <= 0 || i.Deadline > time.Minute {
		c.wrong("ingest.deadline", "is %s, not above 0 and at most 1m", i.Deadline)
	}
	if c.cfg.Sandbox.Keep < 0 {
		c.wrong("sandbox.keep", "is %d, not a number of events; 0 keeps all", c.cfg.Sandbox.Keep)
	}
	if i.Spool.Dir != "" {
		c.between("ingest.spool.size", int64(i.Spool.Size), 1<<20, 1<<40, " bytes")
		if i.Spool.Size < i.MaxBody {
			c.wrong("ingest.spool.size", "is %s, smaller than max_body: %s", i.Spool.Size, i.MaxBody)
		}
	}
	if e := c.cfg.Telemetry.OTLPEndpoint; e != "" {
		c.webURL("telemetry.otlp_endpoint", e)
	}
}
