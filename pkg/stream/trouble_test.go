package stream_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestTroubleIsNamed (F19): consumers of a Kafka that can't be used say which of address, TLS and password is wrong, not that
// their topics are missing, and the log has it once for all of them.
func TestTroubleIsNamed(t *testing.T) {
	t.Parallel()
	old, other := newCertificate(t, expired), newCertificate(t, ofAnotherHost)
	cert, stranger, dir := newCertificate(t), newCertificate(t), t.TempDir()
	right, wrong := file(t, dir, "right", password), file(t, dir, "wrong", "wrong-"+password)
	for name, c := range map[string]struct {
		addr string
		tls  config.KafkaTLS
		sasl config.KafkaSASL
		want string
	}{
		"nobody listens": {addr: nobody, want: "nobody listens"},
		"another's CA":   {addr: guarded(t, kfake.TLS(cert.server)), tls: config.KafkaTLS{CAFile: stranger.certFile}, want: "of no CA that kafka.tls.ca_file has"},
		"expired":        {addr: guarded(t, kfake.TLS(old.server)), tls: config.KafkaTLS{CAFile: old.certFile}, want: "its certificate is not valid now"},
		"another host's": {addr: guarded(t, kfake.TLS(other.server)), tls: config.KafkaTLS{CAFile: other.certFile}, want: "its certificate is for another host"},
		"silence":        {addr: silent(t), want: "it does not answer"},
		"wrong password": {addr: guarded(t, withUsers()...), sasl: config.KafkaSASL{Mechanism: "plain", Username: "omni", PasswordFile: wrong}, want: "username or password is wrong"},
		"no password":    {addr: guarded(t, withUsers()...), want: "it wants TLS or a password"},
		"nobody may":     {addr: guarded(t, withUsers(kfake.EnableACLs(), kfake.User("PLAIN", "guest", password))...), sasl: config.KafkaSASL{Mechanism: "plain", Username: "guest", PasswordFile: right}, want: "denies access to topic"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &lines{}
			cfg, err := stream.ConfigOf(config.Kafka{Brokers: []string{c.addr}, TLS: c.tls, SASL: c.sasl}, "test")
			if err != nil {
				t.Fatal(err)
			}
			client, err := stream.Open(cfg, slog.New(slog.NewTextHandler(log, nil)), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 8)
			var consumers []*stream.Consumer
			for i := range cap(done) {
				consumer := client.NewConsumer(stream.GroupConfig{Group: "g" + string(rune('0'+i)), Topics: []string{"t"}}, (&seen{}).settleAll)
				consumers = append(consumers, consumer)
				go func() { done <- consumer.Run(ctx) }()
			}
			end := time.Now().Add(patience)
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for _, consumer := range consumers {
				for err := consumer.Ready(); err == nil || !strings.Contains(err.Error(), c.want); err = consumer.Ready() {
					if <-tick.C; time.Now().After(end) {
						t.Fatalf("ready says %v\n%s", err, log)
					}
				}
			}
			for range 2 { // more tries
				for last := client.Diagnosed(); client.Diagnosed().Equal(last); <-tick.C {
					if time.Now().After(end) {
						t.Fatalf("not tried again\n%s", log)
					}
				}
			}
			cancel()
			for range consumers {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			limit := 1
			if name == "nobody may" {
				limit = len(consumers) // each for topics of its own
			}
			if n := log.with("level="); n == 0 || n > limit || log.with("missing") > 0 || log.with(password) > 0 {
				t.Errorf("%d lines:\n%s", n, log)
			}
		})
	}
}
