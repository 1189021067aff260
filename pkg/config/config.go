// Package config is omnicapi.yaml: one file for every process, read strictly, overridden by the environment, checked as
// a whole so that all problems are reported at once with path and line. Every main calls Load. It refuses unknown keys,
// inline secrets and guesses.
package config

import "time"

// Config is the whole file, completed by defaults and environment.
type Config struct {
	Kafka      Kafka              `yaml:"kafka"`
	Graph      Graph              `yaml:"graph"`
	Datasets   map[string]Dataset `yaml:"datasets"`
	Sources    map[string]Source  `yaml:"sources"`
	Ingest     Ingest             `yaml:"ingest"`
	Normalizer Normalizer         `yaml:"normalizer"`
	Forwarder  Forwarder          `yaml:"forwarder"`
	Ledger     Ledger             `yaml:"ledger"`
	Sandbox    Sandbox            `yaml:"sandbox"`
	Operators  Operators          `yaml:"operators"`
	Telemetry  Telemetry          `yaml:"telemetry"` // traces: {endpoint: ""}: OTLP, off by default

	StrictSecrets bool `yaml:"strict_secrets"` // a secret or key that everybody may read is an error

	File string `yaml:"-"` // where it was read, "" for none
	Dir  string `yaml:"-"` // relative paths are relative to it
	Hash string `yaml:"-"` // of the effective configuration, without secrets and the login to Kafka: omnicapi_config_info
}

// Kafka says how to reach the cluster; no Brokers: up and demo run an embedded one.
type Kafka struct {
	Brokers     []string  `yaml:"brokers"`
	Prefix      string    `yaml:"prefix"`
	Partitions  int       `yaml:"partitions"`
	Replication int       `yaml:"replication"`
	Retention   Size      `yaml:"retention_bytes"` // of a partition; 0: no bound
	Compression string    `yaml:"compression"`     // zstd or none
	TLS         KafkaTLS  `yaml:"tls"`
	SASL        KafkaSASL `yaml:"sasl"`
}

// KafkaTLS are PEM files; any one set turns TLS on.
type KafkaTLS struct {
	CAFile   string `yaml:"ca_file"`
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
}

// KafkaSASL is how we log in to Kafka.
type KafkaSASL struct {
	Mechanism    string `yaml:"mechanism"`
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"password_file"`
}

// Graph is Meta's API; no URL: up and demo run the sandbox.
type Graph struct {
	URL     string        `yaml:"url"`
	Version string        `yaml:"version"`
	Timeout time.Duration `yaml:"timeout"`
}

// Dataset is a Meta dataset (pixel).
type Dataset struct {
	ID             string         `yaml:"id"`
	TokenFile      string         `yaml:"token_file"`
	AppSecretFile  string         `yaml:"app_secret_file"`
	TestEventCode  string         `yaml:"test_event_code"`
	Deadline       time.Duration  `yaml:"deadline"`
	Batch          Batch          `yaml:"batch"`
	InFlight       int            `yaml:"in_flight"`
	Dedup          int            `yaml:"dedup"`
	LimitedDataUse LimitedDataUse `yaml:"limited_data_use"`
}

// Batch bounds one request to Meta.
type Batch struct {
	Events int           `yaml:"events"`
	Bytes  Size          `yaml:"bytes"`
	Linger time.Duration `yaml:"linger"`
}

// LimitedDataUse is Meta's LDU setting for a dataset's events.
type LimitedDataUse struct {
	Options []string `yaml:"options"`
	Country int      `yaml:"country"`
	State   int      `yaml:"state"`
}

// Source is one configured sender.
type Source struct {
	Channel         string            `yaml:"channel"`
	Format          string            `yaml:"format"`
	Dataset         string            `yaml:"dataset"`
	Key             string            `yaml:"key"`
	Secrets         []string          `yaml:"secrets"`      // files
	Certificates    []string          `yaml:"certificates"` // names of its sender's client certificate
	Auth            string            `yaml:"auth"`         // "" or none
	VerifyTokenFile string            `yaml:"verify_token_file"`
	TokenFile       string            `yaml:"token_file"`
	Origins         []string          `yaml:"origins"`
	PublicURL       string            `yaml:"public_url"`
	Signature       string            `yaml:"signature"` // "" or any
	Defaults        Defaults          `yaml:"defaults"`
	Consent         Consent           `yaml:"consent"`
	Events          map[string]string `yaml:"events"`
	Mapping         string            `yaml:"mapping"` // file
	Rate            Rate              `yaml:"rate"`
	Unproven        Unproven          `yaml:"unproven"`
	MaxValue        float64           `yaml:"max_value"`      // of an event whose sender proved nothing; 0: by its currency, -1: any
	ActionSources   []string          `yaml:"action_sources"` // that its events may say, beside its channel's
}

// Defaults stand in for what a source's events leave out.
type Defaults struct {
	Country        string `yaml:"country"`
	Currency       string `yaml:"currency"`
	Timezone       string `yaml:"timezone"`
	ActionSource   string `yaml:"action_source"`
	EventSourceURL string `yaml:"event_source_url"`
}

// Consent is the policy for events that say nothing of consent: allow or deny.
type Consent struct {
	Unknown string `yaml:"unknown"`
}

// Rate bounds a source; 0: no limit.
type Rate struct {
	EventsPerSecond float64 `yaml:"events_per_second"`
	Burst           int     `yaml:"burst"`
}

// Unproven bounds what senders of a source may post that prove nothing; 0: no limit.
type Unproven struct {
	EventsPerSecond  float64 `yaml:"events_per_second"`
	Burst            int     `yaml:"burst"`
	EventsPerRequest int     `yaml:"events_per_request"`
	BytesPerRequest  Size    `yaml:"bytes_per_request"`
}

// Ingest is the public HTTP service.
type Ingest struct {
	Listen         string        `yaml:"listen"`
	Admin          string        `yaml:"admin"`
	Metrics        string        `yaml:"metrics"` // of what is for scraping; "": at Admin only
	TLS            IngestTLS     `yaml:"tls"`
	TrustedProxies []string      `yaml:"trusted_proxies"`
	MaxBody        Size          `yaml:"max_body"`
	MaxEvent       Size          `yaml:"max_event"`
	MaxPending     Size          `yaml:"max_pending"`
	Deadline       time.Duration `yaml:"deadline"`
	SecretGrace    time.Duration `yaml:"secret_grace"`
	Spool          Spool         `yaml:"spool"`

	MaxConnections           int      `yaml:"max_connections"`             // 0: no limit, as below
	MaxConnectionsPerNetwork int      `yaml:"max_connections_per_network"` // of a client's address, or of its /64 in IPv6
	UnprovenPerNetwork       Rate     `yaml:"unproven_per_network"`        // events of senders that prove nothing
	GuessesPerNetwork        int      `yaml:"guesses_per_network"`         // wrong secrets a minute
	ExemptNetworks           []string `yaml:"exempt_networks"`             // addresses and ranges that no limit for a network is for
}

// IngestTLS are PEM files by which ingest serves HTTPS itself; no CertFile: it speaks HTTP. ClientCAFile are the authorities of
// senders' certificates.
type IngestTLS struct {
	CertFile     string `yaml:"cert_file"`
	KeyFile      string `yaml:"key_file"`
	ClientCAFile string `yaml:"client_ca_file"`
}

// Spool keeps events of senders that never repeat while Kafka takes none; no Dir: there is none.
type Spool struct {
	Dir  string `yaml:"dir"`
	Size Size   `yaml:"size"`
}

// Normalizer has its operators' ports only.
type Normalizer struct {
	Admin   string `yaml:"admin"`
	Metrics string `yaml:"metrics"`
}

// Forwarder has its operators' ports only.
type Forwarder struct {
	Admin   string `yaml:"admin"`
	Metrics string `yaml:"metrics"`
}

// Ledger keeps what became of every event, in a folder.
type Ledger struct {
	Admin     string        `yaml:"admin"`
	Metrics   string        `yaml:"metrics"`
	Dir       string        `yaml:"dir"`
	Retention time.Duration `yaml:"retention"`
}

// Operators are who may change something at a running process from elsewhere, and the names by which its host may be called.
type Operators struct {
	TokenFiles []string `yaml:"token_files"` // any one is right
	Hosts      []string `yaml:"hosts"`
}

// Sandbox is Meta's endpoint for rehearsal.
type Sandbox struct {
	Listen string `yaml:"listen"`
	Keep   int    `yaml:"keep"` // accepted events, the newest; 0: all
}

// Telemetry turns trace export on.
type Telemetry struct {
	OTLPEndpoint string `yaml:"otlp_endpoint"`
}

// Role says which parts of the file a process needs complete: a forwarder needs graph and token files, ingest does not.
type Role string

// The roles. All is `omnicapi config check`; Local is up and demo, which run what is left out.
const (
	RoleIngest     Role = "ingest"
	RoleNormalizer Role = "normalizer"
	RoleForwarder  Role = "forwarder"
	RoleLedger     Role = "ledger" // needs kafka only
	RoleSandbox    Role = "sandbox"
	RoleCommand    Role = "command" // needs kafka only
	RoleAll        Role = "all"
	RoleLocal      Role = "local"
)
