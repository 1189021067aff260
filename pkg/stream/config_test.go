package stream_test

import (
	"crypto/tls"
	"os"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestConfigOfRefuses names the field of what is wrong, and no content of a file.
func TestConfigOfRefuses(t *testing.T) {
	t.Parallel()
	cert, dir := newCertificate(t), t.TempDir()
	secret, noPEM, missing := file(t, dir, "secret", password), file(t, dir, "no.pem", "no certificate"), dir+"/missing"
	brokers := []string{"kafka:9092"}
	for _, c := range []struct {
		name  string
		kafka config.Kafka
		want  string
	}{
		{"no brokers", config.Kafka{}, "no brokers are given"},
		{"no port", config.Kafka{Brokers: []string{"kafka:9092", "kafka"}}, `kafka.brokers: "kafka" is not host:port`},
		{"missing CA", config.Kafka{Brokers: brokers, TLS: config.KafkaTLS{CAFile: missing}}, "reading kafka.tls.ca_file"},
		{"CA without a certificate", config.Kafka{Brokers: brokers, TLS: config.KafkaTLS{CAFile: noPEM}}, "kafka.tls.ca_file: " + noPEM + " holds no PEM certificate"},
		{"certificate alone", config.Kafka{Brokers: brokers, TLS: config.KafkaTLS{CertFile: cert.certFile}}, "cert_file and key_file belong together"},
		{"key alone", config.Kafka{Brokers: brokers, TLS: config.KafkaTLS{KeyFile: cert.keyFile}}, "cert_file and key_file belong together"},
		{"key that is none", config.Kafka{Brokers: brokers, TLS: config.KafkaTLS{CertFile: cert.certFile, KeyFile: noPEM}}, "reading kafka.tls.cert_file and key_file"},
		{"unknown mechanism", config.Kafka{Brokers: brokers, SASL: config.KafkaSASL{Mechanism: "gssapi", Username: "omni", PasswordFile: secret}}, `kafka.sasl.mechanism: "gssapi" is not`},
		{"no username", config.Kafka{Brokers: brokers, SASL: config.KafkaSASL{Mechanism: "plain", PasswordFile: secret}}, "plain needs a username and a password"},
		{"no password", config.Kafka{Brokers: brokers, SASL: config.KafkaSASL{Mechanism: "plain", Username: "omni", PasswordFile: missing}}, "reading kafka.sasl.password_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := stream.ConfigOf(c.kafka, "test")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// TestConfigOfReadsAnew: the client certificate is read again at each handshake; what was not asked for is off.
func TestConfigOfReadsAnew(t *testing.T) {
	t.Parallel()
	off, err := stream.ConfigOf(config.Kafka{Brokers: []string{"kafka:9092"}}, "me")
	if err != nil || off.TLS != nil || off.SASL.Mechanism != "" || off.ClientID != "me" {
		t.Errorf("bare: %+v, %v", off, err)
	}
	cert, next := newCertificate(t), newCertificate(t)
	k := config.Kafka{Brokers: []string{"kafka:9092"}, TLS: config.KafkaTLS{CAFile: cert.certFile, CertFile: cert.certFile, KeyFile: cert.keyFile}}
	cfg, err := stream.ConfigOf(k, "me")
	if err != nil {
		t.Fatal(err)
	}
	if cfg.TLS.MinVersion < tls.VersionTLS12 || cfg.TLS.RootCAs == nil || cfg.TLS.InsecureSkipVerify {
		t.Errorf("TLS: %+v", cfg.TLS)
	}
	before := clientCertificate(t, cfg)
	for from, to := range map[string]string{next.certFile: cert.certFile, next.keyFile: cert.keyFile} {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	if after := clientCertificate(t, cfg); after == before {
		t.Error("a new client certificate is not taken")
	}
}

func clientCertificate(t *testing.T, cfg stream.Config) string {
	t.Helper()
	c, err := cfg.TLS.GetClientCertificate(&tls.CertificateRequestInfo{})
	if err != nil {
		t.Fatal(err)
	}
	return string(c.Certificate[0])
}
