package stream_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestMissingRightsAreNamed (F72): what Kafka's ACLs do not let the user do is said by what it is: before the first write for
// ingest, by the member's readiness for consumers, and once in the log.
func TestMissingRightsAreNamed(t *testing.T) {
	t.Parallel()
	allow := func(resource kmsg.ACLResourceType, op kmsg.ACLOperation) kfake.ACL {
		return kfake.ACL{Resource: resource, Name: "*", Pattern: kmsg.ACLResourcePatternTypeLiteral, Operation: op, Allow: true}
	}
	topics := func(op kmsg.ACLOperation) kfake.ACL { return allow(kmsg.ACLResourceTypeTopic, op) }
	groups := allow(kmsg.ACLResourceTypeGroup, kmsg.ACLOperationRead)
	addr := guarded(t, withUsers(kfake.EnableACLs(),
		kfake.User("PLAIN", "writer", password, topics(kmsg.ACLOperationWrite)),
		kfake.User("PLAIN", "reader", password, topics(kmsg.ACLOperationRead), groups),
		kfake.User("PLAIN", "ungrouped", password, topics(kmsg.ACLOperationRead), topics(kmsg.ACLOperationWrite)),
	)...)
	file := file(t, t.TempDir(), "password", password)
	open := func(t *testing.T, user string) *ground {
		t.Helper()
		cfg, err := stream.ConfigOf(config.Kafka{Brokers: []string{addr}, SASL: config.KafkaSASL{Mechanism: "plain", Username: user, PasswordFile: file}}, "test")
		if err != nil {
			t.Fatal(err)
		}
		g := &ground{T: t, addrs: []string{addr}, topic: "t", group: "g-" + user, log: &lines{}, reg: prometheus.NewRegistry()}
		if g.client, err = stream.Open(cfg, slog.New(slog.NewTextHandler(g.log, nil)), g.reg); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(g.client.Close)
		return g
	}
	open(t, "omni").create(1)

	if err := open(t, "writer").client.Writable(t.Context(), []string{"t"}); err != nil {
		t.Errorf("who may write: %v", err)
	}
	reader := open(t, "reader")
	if err := reader.client.Writable(t.Context(), []string{"t"}); err == nil || !strings.Contains(err.Error(), "kafka denies writing to topic t") {
		t.Errorf("who may not: %v", err)
	}
	p := reader.producer(stream.ProducerConfig{RetryFor: time.Minute})
	if err := p.Publish(t.Context(), reader.record("k", 0)); err == nil || !strings.Contains(err.Error(), "denies it to the user of kafka.sasl") {
		t.Errorf("a write that is not allowed: %v", err)
	}
	for user, want := range map[string]string{"writer": "Group Authorization Failed", "ungrouped": "Group Authorization Failed"} {
		g := open(t, user)
		c, stop := g.consume((&seen{}).settleAll)
		g.await(want, func() bool { err := c.Ready(); return err != nil && strings.Contains(err.Error(), want) })
		g.await("a line", func() bool { return g.log.with(want) > 0 })
		stop()
		if n := g.log.with("level="); n != 1 {
			t.Errorf("%s: %d lines:\n%s", user, n, g.log)
		}
	}
}
