package stream_test

import (
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

const password = "correct-horse"

// guarded is a broker that asks for more than an address.
func guarded(t *testing.T, opts ...kfake.Opt) (addr string) {
	t.Helper()
	c, err := kfake.NewCluster(append(opts, kfake.NumBrokers(1))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.ListenAddrs()[0]
}

func withUsers(opts ...kfake.Opt) []kfake.Opt {
	return append(opts, kfake.EnableSASL(), kfake.Superuser("PLAIN", "omni", password),
		kfake.Superuser("SCRAM-SHA-256", "omni", password), kfake.Superuser("SCRAM-SHA-512", "omni", password))
}

// nobody listens there: a port that nobody is given.
const nobody = "127.0.0.1:1"

// silent takes connections and never answers, as a broker that hangs does.
func silent(t *testing.T) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // connections wait in its backlog
	return l.Addr().String()
}

// TestPingSaysWhatIsWrong: of address, TLS and password, the one that does not fit; and never the password.
func TestPingSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	cert, stranger, dir := newCertificate(t), newCertificate(t), t.TempDir()
	right, wrong := file(t, dir, "right", password), file(t, dir, "wrong", "wrong-"+password)
	old, other := newCertificate(t, expired), newCertificate(t, ofAnotherHost)
	plain, _ := kafkatest.Brokers(t)
	overTLS, users, both := guarded(t, kfake.TLS(cert.server)), guarded(t, withUsers()...), guarded(t, withUsers(kfake.TLS(cert.server))...)
	ca := config.KafkaTLS{CAFile: cert.certFile}
	as := func(mechanism, passwordFile string) config.KafkaSASL {
		return config.KafkaSASL{Mechanism: mechanism, Username: "omni", PasswordFile: passwordFile}
	}
	for _, c := range []struct {
		name, addr string
		tls        config.KafkaTLS
		sasl       config.KafkaSASL
		want       string // "": it answers
	}{
		{name: "right", addr: plain[0]},
		{name: "nobody listens", addr: nobody, want: "the address is wrong, or nobody listens"},
		{name: "no such name", addr: "kafka.invalid:9092", want: "its name has no address"},
		{name: "silence", addr: silent(t), want: "it does not answer"},
		{name: "silence, with a password", addr: silent(t), sasl: as("plain", right), want: "it does not answer"},
		{name: "TLS to plain text", addr: plain[0], tls: ca, want: "its TLS is not what kafka.tls says"},
		{name: "plain text to TLS", addr: overTLS, want: "it wants TLS or a password"},
		{name: "TLS", addr: overTLS, tls: ca},
		{name: "another CA", addr: overTLS, tls: config.KafkaTLS{CAFile: stranger.certFile}, want: "its certificate is of no CA that kafka.tls.ca_file has"},
		{name: "expired", addr: guarded(t, kfake.TLS(old.server)), tls: config.KafkaTLS{CAFile: old.certFile}, want: "its certificate is not valid now"},
		{name: "another host's", addr: guarded(t, kfake.TLS(other.server)), tls: config.KafkaTLS{CAFile: other.certFile}, want: "its certificate is for another host"},
		{name: "no password", addr: users, want: "it wants TLS or a password"},
		{name: "plain", addr: users, sasl: as("plain", right)},
		{name: "scram 256", addr: users, sasl: as("scram-sha-256", right)},
		{name: "scram 512 over TLS", addr: both, tls: ca, sasl: as("scram-sha-512", right)},
		{name: "wrong password", addr: users, sasl: as("plain", wrong), want: "kafka.sasl's username or password is wrong"},
		{name: "wrong password, scram", addr: users, sasl: as("scram-sha-512", wrong), want: "kafka.sasl's username or password is wrong"},
		{name: "wrong password over TLS", addr: both, tls: ca, sasl: as("scram-sha-256", wrong), want: "kafka.sasl's username or password is wrong"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := stream.ConfigOf(config.Kafka{Brokers: []string{c.addr}, TLS: c.tls, SASL: c.sasl}, "test")
			if err != nil {
				t.Fatal(err)
			}
			client, err := stream.Open(cfg, slog.New(slog.DiscardHandler), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			switch err := client.Ping(t.Context()); {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.addr)):
				t.Errorf("got %v, want %q", err, c.want)
			case err != nil && strings.Contains(err.Error(), password):
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// TestPingTriesAllBrokers: one that answers is enough.
func TestPingTriesAllBrokers(t *testing.T) {
	t.Parallel()
	addrs, _ := kafkatest.Brokers(t)
	client, err := stream.Open(stream.Config{Brokers: []string{nobody, addrs[0]}}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}
