package stream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// kafka-go's defaults that we override, each with its reason.
const (
	requestTimeout = 30 * time.Second // a zero Client.Timeout asks brokers to wait 500 ms for acks; a killed broker costs 9-14 s
	metadataTTL    = 2 * time.Second  // bounds how long a client that found no broker at its start stays blind
	idleTimeout    = 9 * time.Minute  // brokers hang up after 10; 30 s (the default) repeats TLS and SASL handshakes
	dialTimeout    = 5 * time.Second
)

// Config says how to reach the cluster.
type Config struct {
	Brokers  []string // host:port
	ClientID string
	TLS      *tls.Config // nil: plain text
	SASL     SASL

	Compression string // of what is published: Zstd, Uncompressed; "": Zstd
}

// SASL is how we log in; with an empty Mechanism we do not. Password is asked at each new connection, so it may change.
type SASL struct {
	Mechanism string // plain, scram-sha-256, scram-sha-512
	Username  string
	Password  func() string
}

// ConfigOf reads the TLS and password files that the configuration names. Client certificate and password are re-read
// later, so both may be rotated without a restart.
func ConfigOf(k config.Kafka, clientID string) (Config, error) {
	cfg := Config{Brokers: k.Brokers, ClientID: clientID, Compression: k.Compression}
	if k.TLS != (config.KafkaTLS{}) {
		t, err := tlsOf(k.TLS)
		if err != nil {
			return Config{}, err
		}
		cfg.TLS = t
	}
	if k.SASL.Mechanism != "" {
		secret, err := config.OpenSecret(k.SASL.PasswordFile)
		if err != nil {
			return Config{}, fmt.Errorf("reading kafka.sasl.password_file: %w", err)
		}
		cfg.SASL = SASL{Mechanism: k.SASL.Mechanism, Username: k.SASL.Username, Password: secret.Reveal}
	}
	return cfg, cfg.validate()
}

func tlsOf(k config.KafkaTLS) (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if k.CAFile != "" {
		pem, err := os.ReadFile(k.CAFile)
		if err != nil {
			return nil, fmt.Errorf("reading kafka.tls.ca_file: %w", err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("reading kafka.tls.ca_file: %s holds no PEM certificate", k.CAFile)
		}
	}
	if (k.CertFile == "") != (k.KeyFile == "") {
		return nil, errors.New("reading kafka.tls: cert_file and key_file belong together")
	}
	if k.CertFile != "" {
		load := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			cert, err := tls.LoadX509KeyPair(k.CertFile, k.KeyFile)
			if err != nil {
				return nil, fmt.Errorf("reading kafka.tls.cert_file and key_file: %w", err)
			}
			return &cert, nil
		}
		if _, err := load(nil); err != nil {
			return nil, err
		}
		t.GetClientCertificate = load
	}
	return t, nil
}

func (c Config) validate() error {
	if len(c.Brokers) == 0 {
		return errors.New("checking kafka: no brokers are given")
	}
	for _, b := range c.Brokers {
		if _, _, err := net.SplitHostPort(b); err != nil {
			return fmt.Errorf("checking kafka.brokers: %q is not host:port", b)
		}
	}
	switch c.SASL.Mechanism {
	case "":
		return nil
	case "plain", "scram-sha-256", "scram-sha-512":
		if c.SASL.Username == "" || c.SASL.Password == nil {
			return fmt.Errorf("checking kafka.sasl: %s needs a username and a password", c.SASL.Mechanism)
		}
		return nil
	default:
		return fmt.Errorf("checking kafka.sasl.mechanism: %q is not plain, scram-sha-256 or scram-sha-512", c.SASL.Mechanism)
	}
}

// mechanism is nil without a login.
func (s SASL) mechanism() sasl.Mechanism {
	if s.Mechanism == "" {
		return nil
	}
	return credentials{s}
}

// credentials builds the mechanism anew at each handshake: kafka-go's own hold the password that they were made with.
type credentials struct{ SASL }

// Name implements sasl.Mechanism.
func (c credentials) Name() string { return strings.ToUpper(c.Mechanism) }

// Start implements sasl.Mechanism.
func (c credentials) Start(ctx context.Context) (sasl.StateMachine, []byte, error) {
	var algorithm scram.Algorithm
	switch c.Mechanism {
	case "plain":
		return plain.Mechanism{Username: c.Username, Password: c.Password()}.Start(ctx)
	case "scram-sha-256":
		algorithm = scram.SHA256
	default:
		algorithm = scram.SHA512
	}
	m, err := scram.Mechanism(algorithm, c.Username, c.Password())
	if err != nil {
		return nil, nil, errors.New("preparing kafka.sasl: the username or password holds a character that SCRAM refuses")
	}
	return m.Start(ctx)
}
