package config

import "time"

// What the embedded broker of up and demo has instead of a cluster's 12 partitions, 3 replicas and 10 GiB a partition.
const (
	embeddedPartitions  = 3
	embeddedReplication = 1
	embeddedRetention   = 2 << 30
)

// Default is the configuration of an empty file.
func Default() *Config {
	return &Config{
		Kafka:    Kafka{Prefix: "omnicapi.", Partitions: 12, Replication: 3, Retention: 10 << 30, Compression: "zstd"},
		Graph:    Graph{Version: "v25.0", Timeout: 8 * time.Second},
		Datasets: map[string]Dataset{},
		Sources:  map[string]Source{},
		Ingest: Ingest{
			Listen: ":8080", Admin: "127.0.0.1:9080", MaxBody: 8 << 20, MaxEvent: 256 << 10, MaxPending: 64 << 20, Deadline: 5 * time.Second, Spool: Spool{Size: 1 << 30},
			MaxConnections: 10_000, MaxConnectionsPerNetwork: 1000, UnprovenPerNetwork: Rate{EventsPerSecond: 200, Burst: 2000}, GuessesPerNetwork: 60,
			ExemptNetworks: ownNetworks(),
		},
		Normalizer: Normalizer{Admin: "127.0.0.1:9081"},
		Forwarder:  Forwarder{Admin: "127.0.0.1:9082"},
		Ledger:     Ledger{Admin: "127.0.0.1:9083", Dir: "ledger", Retention: 336 * time.Hour},
		Sandbox:    Sandbox{Listen: "127.0.0.1:8090"},
	}
}

// ownNetworks are this machine, and the networks that no client of the internet comes from: what does is one's own, or a proxy that
// trusted_proxies does not name, which stands for everybody. RFC 1122, 1918, 3927, 4193, 4291, 6598.
func ownNetworks() []string {
	return []string{
		"127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10",
	}
}

// DefaultDataset is a dataset of which the file says nothing.
func DefaultDataset() Dataset {
	return Dataset{
		Deadline: 168 * time.Hour,
		Batch:    Batch{Events: 1000, Bytes: 1 << 20, Linger: time.Second},
		InFlight: 4,
		Dedup:    20000,
	}
}

// DefaultSource is a source of which the file says nothing.
func DefaultSource() Source {
	return Source{
		Consent:  Consent{Unknown: "allow"},
		Unproven: Unproven{EventsPerSecond: 20_000, EventsPerRequest: 1000, BytesPerRequest: 1 << 20},
	}
}
