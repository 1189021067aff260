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
		Kafka:      Kafka{Prefix: "omnicapi.", Partitions: 12, Replication: 3, Retention: 10 << 30, Compression: "zstd"},
		Graph:      Graph{Version: "v25.0", Timeout: 8 * time.Second},
		Datasets:   map[string]Dataset{},
		Sources:    map[string]Source{},
		Ingest:     Ingest{Listen: ":8080", Admin: ":9080", MaxBody: 8 << 20, MaxEvent: 256 << 10, MaxPending: 64 << 20, Deadline: 5 * time.Second, Spool: Spool{Size: 1 << 30}},
		Normalizer: Normalizer{Admin: ":9081"},
		Forwarder:  Forwarder{Admin: ":9082"},
		Sandbox:    Sandbox{Listen: ":8090"},
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
	return Source{Consent: Consent{Unknown: "allow"}}
}
