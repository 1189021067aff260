package config

import (
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	prefixRule  = regexp.MustCompile(`^[a-zA-Z0-9._-]{0,100}$`)
	versionRule = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]{1,2}$`)
)

func (c *checker) kafka(k Kafka) {
	if len(k.Brokers) == 0 {
		switch {
		case !c.is(RoleLocal, RoleSandbox, RoleCommand):
			c.wrong("kafka.brokers", "is required: only omnicapi up and demo run a broker of their own")
		case c.is(RoleLocal) && k.Replication > embeddedReplication:
			c.wrong("kafka.replication", "is %d, but the embedded broker is one node: leave it out, or name brokers", k.Replication)
		}
	}
	for _, b := range k.Brokers {
		if host, port, err := net.SplitHostPort(b); err != nil || host == "" || !isPort(port) || port == "0" {
			c.wrong("kafka.brokers", "an entry is no host:port, like localhost:9092")
		}
	}
	if !prefixRule.MatchString(k.Prefix) {
		c.wrong("kafka.prefix", "must be letters, digits, dot, - and _, at most 100")
	}
	c.between("kafka.partitions", int64(k.Partitions), 1, 10000, "")
	c.between("kafka.replication", int64(k.Replication), 1, 15, "")
	if k.Retention != 0 {
		c.between("kafka.retention_bytes", int64(k.Retention), leastRetention, 1<<50, " bytes")
	}
	c.oneOf("kafka.compression", k.Compression, "zstd", "none")
	c.kafkaTLS(k.TLS)
	c.kafkaSASL(k)
}

func (c *checker) kafkaTLS(t KafkaTLS) {
	switch {
	case t.CertFile != "" && t.KeyFile == "":
		c.wrong("kafka.tls.key_file", "is required with cert_file")
	case t.KeyFile != "" && t.CertFile == "":
		c.wrong("kafka.tls.cert_file", "is required with key_file")
	}
	if c.is(RoleSandbox) {
		return
	}
	c.file("kafka.tls.ca_file", t.CAFile)
	c.file("kafka.tls.cert_file", t.CertFile)
	c.file("kafka.tls.key_file", t.KeyFile)
	c.readableByAll("kafka.tls.key_file", t.KeyFile)
}

func (c *checker) kafkaSASL(k Kafka) {
	s := k.SASL
	if s.Mechanism == "" {
		if s.Username != "" || s.PasswordFile != "" {
			c.wrong("kafka.sasl.mechanism", "is required with username or password_file")
		}
		return
	}
	c.oneOf("kafka.sasl.mechanism", s.Mechanism, "plain", "scram-sha-256", "scram-sha-512")
	if s.Username == "" {
		c.wrong("kafka.sasl.username", "is required with mechanism")
	}
	if s.PasswordFile == "" {
		c.wrong("kafka.sasl.password_file", "is required with mechanism")
	} else if !c.is(RoleSandbox) {
		c.secret("kafka.sasl.password_file", s.PasswordFile)
	}
	if k.TLS == (KafkaTLS{}) && s.Mechanism == "plain" {
		c.warnings = append(c.warnings, "kafka.sasl.mechanism: plain without kafka.tls sends the password in clear text")
	}
}

// looksUpLeads says whether the leads of a source are looked up.
func (c *checker) looksUpLeads() bool {
	for _, s := range c.cfg.Sources {
		if s.TokenFile != "" {
			return true
		}
	}
	return false
}

func (c *checker) graph(g Graph) {
	if !versionRule.MatchString(g.Version) {
		c.wrong("graph.version", "is no version: write it like v25.0")
	}
	if g.Timeout <= 0 || g.Timeout > time.Minute {
		c.wrong("graph.timeout", "is %s, not above 0 and at most 1m", g.Timeout)
	}
	if g.URL == "" {
		switch {
		case c.is(RoleForwarder, RoleAll):
			c.wrong("graph.url", "is required: only omnicapi up and demo run the sandbox in its place")
		case c.is(RoleNormalizer) && c.looksUpLeads():
			c.wrong("graph.url", "is required: a source with a token_file looks its leads up there")
		}
		return
	}
	u := c.webURL("graph.url", g.URL)
	if u == nil {
		return
	}
	if u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		c.wrong("graph.url", "is more than scheme and host: the version and the dataset are added to it")
	}
	if u.Scheme == "http" {
		if !isNear(u.Hostname()) {
			c.wrong("graph.url", "is plain http to another machine: the token would go over the network in clear text; use https")
			return
		}
		c.warnings = append(c.warnings, "graph.url: "+u.Host+" is not Meta: this is a rehearsal, nothing reaches Meta")
		return
	}
	if host := u.Hostname(); host != metaHost && !strings.HasSuffix(host, "."+metaHost) {
		c.warnings = append(c.warnings, "graph.url: "+u.Host+" is not Meta's: the tokens and all events go there")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.cfg.Datasets)) {
		if c.cfg.Datasets[name].TestEventCode != "" {
			c.warnings = append(c.warnings, "datasets."+name+".test_event_code: is set, and graph.url is Meta's own: all events go to the test tab, too, as no sale should; leave it out when the test is over")
		}
	}
}

// leastRetention is below what an hour of any shop's traffic takes: less would be a slip of the pen.
const leastRetention = 64 << 20

// metaHost is Meta's domain.
const metaHost = "facebook.com"
