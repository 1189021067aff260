// Package config is omnicapi.yaml: one file for every process, read strictly, overridden by the environment, checked as
// a whole so that all problems are reported at once with path and line. Every main calls Load. It refuses unknown keys,
// inline secrets and guesses.
package config

import "time"

// Config is the whole file.
type Config struct {
	Kafka      Kafka              `koanf:"kafka"`
	Graph      Graph              `koanf:"graph"`
	Datasets   map[string]Dataset `koanf:"datasets"`
	Sources    map[string]Source  `koanf:"sources"`
	Ingest     Ingest             `koanf:"ingest"`
	Normalizer Normalizer         `koanf:"normalizer"`
	Forwarder  Forwarder          `koanf:"forwarder"`
	Sandbox    Sandbox            `koanf:"sandbox"`
	Telemetry  Telemetry          `koanf:"telemetry"` // traces: {endpoint: ""}: OTLP, off by default

	File string `koanf:"-"` // where it was read, "" for none
	Dir  string `koanf:"-"` // relative paths are relative to it
	Hash string `koanf:"-"` // of the effective configuration, secrets left out: omnicapi_config_info
}

// Kafka says how to reach the cluster; no Brokers: up and demo run an embedded one.
type Kafka struct {
	Brokers     []string  `koanf:"brokers"`
	Prefix      string    `koanf:"prefix"`
	Partitions  int       `koanf:"partitions"`
	Replication int       `koanf:"replication"`
	TLS         KafkaTLS  `koanf:"tls"`
	SASL        KafkaSASL `koanf:"sasl"`
}

// KafkaTLS are PEM files; any one set turns TLS on.
type KafkaTLS struct {
	CAFile   string `koanf:"ca_file"`
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
}

// KafkaSASL says who we are.
type KafkaSASL struct {
	Mechanism    string `koanf:"mechanism"`
	Username     string `koanf:"username"`
	PasswordFile string `koanf:"password_file"`
}

// Graph is Meta's API; no URL: up and demo run the sandbox.
type Graph struct {
	URL     string        `koanf:"url"`
	Version string        `koanf:"version"`
	Timeout time.Duration `koanf:"timeout"`
}

// Dataset is a Meta dataset (pixel).
type Dataset struct {
	ID             string         `koanf:"id"`
	TokenFile      string         `koanf:"token_file"`
	AppSecretFile  string         `koanf:"app_secret_file"`
	TestEventCode  string         `koanf:"test_event_code"`
	Deadline       time.Duration  `koanf:"deadline"`
	Batch          Batch          `koanf:"batch"`
	InFlight       int            `koanf:"in_flight"`
	Dedup          int            `koanf:"dedup"`
	LimitedDataUse LimitedDataUse `koanf:"limited_data_use"`
}

// Batch bounds one request.
type Batch struct {
	Events int           `koanf:"events"`
	Bytes  Size          `koanf:"bytes"`
	Linger time.Duration `koanf:"linger"`
}

// LimitedDataUse is Meta's LDU setting for a dataset's events.
type LimitedDataUse struct {
	Options []string `koanf:"options"`
	Country int      `koanf:"country"`
	State   int      `koanf:"state"`
}

// Source is one configured sender.
type Source struct {
	Channel         string            `koanf:"channel"`
	Format          string            `koanf:"format"`
	Dataset         string            `koanf:"dataset"`
	Key             string            `koanf:"key"`
	Secrets         []string          `koanf:"secrets"` // files
	Auth            string            `koanf:"auth"`    // "" or none
	VerifyTokenFile string            `koanf:"verify_token_file"`
	TokenFile       string            `koanf:"token_file"`
	Origins         []string          `koanf:"origins"`
	PublicURL       string            `koanf:"public_url"`
	Defaults        Defaults          `koanf:"defaults"`
	Consent         Consent           `koanf:"consent"`
	Events          map[string]string `koanf:"events"`
	Mapping         string            `koanf:"mapping"` // file
	Rate            Rate              `koanf:"rate"`
}

// Defaults fill what a source's events do not say.
type Defaults struct {
	Country        string `koanf:"country"`
	Currency       string `koanf:"currency"`
	Timezone       string `koanf:"timezone"`
	ActionSource   string `koanf:"action_source"`
	EventSourceURL string `koanf:"event_source_url"`
}

// Consent is the policy for events that do not say: allow or deny.
type Consent struct {
	Unknown string `koanf:"unknown"`
}

// Rate bounds a source; 0: no limit.
type Rate struct {
	EventsPerSecond float64 `koanf:"events_per_second"`
	Burst           int     `koanf:"burst"`
}

// Ingest is the public HTTP service.
type Ingest struct {
	Listen         string        `koanf:"listen"`
	Admin          string        `koanf:"admin"`
	TrustedProxies []string      `koanf:"trusted_proxies"`
	MaxBody        Size          `koanf:"max_body"`
	MaxEvent       Size          `koanf:"max_event"`
	MaxPending     Size          `koanf:"max_pending"`
	Deadline       time.Duration `koanf:"deadline"`
}

// Normalizer has its operator port only.
type Normalizer struct {
	Admin string `koanf:"admin"`
}

// Forwarder has its operator port only.
type Forwarder struct {
	Admin string `koanf:"admin"`
}

// Sandbox is Meta's endpoint for rehearsal.
type Sandbox struct {
	Listen string `koanf:"listen"`
}

// Telemetry turns trace export on.
type Telemetry struct {
	OTLPEndpoint string `koanf:"otlp_endpoint"`
}

// Role says which parts of the file a process needs complete: a forwarder needs graph and token files, ingest does not.
type Role string

// The roles. All is `omnicapi config check`; Local is up and demo, which run what is left out.
const (
	RoleIngest     Role = "ingest"
	RoleNormalizer Role = "normalizer"
	RoleForwarder  Role = "forwarder"
	RoleSandbox    Role = "sandbox"
	RoleCommand    Role = "command" // needs kafka only
	RoleAll        Role = "all"
	RoleLocal      Role = "local"
)
