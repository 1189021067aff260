package broker_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

func start(t *testing.T, dir string) *broker.Broker {
	t.Helper()
	b, err := broker.Start(broker.Options{Dir: dir, Sync: true, Open: true})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func client(t *testing.T, addr string) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.ConsumeTopics("kept"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DefaultProduceTopic("kept"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func produce(t *testing.T, addr, value string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := client(t, addr)
	create := kmsg.NewCreateTopicsRequest()
	kept := kmsg.NewCreateTopicsRequestTopic()
	kept.Topic, kept.NumPartitions, kept.ReplicationFactor = "kept", 1, 1
	create.Topics = append(create.Topics, kept)
	if _, err := create.RequestWith(ctx, c); err != nil {
		t.Fatal(err)
	}
	if err := c.ProduceSync(ctx, kgo.StringRecord(value)).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func firstValue(t *testing.T, addr string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	f := client(t, addr).PollFetches(ctx)
	if err := f.Err(); err != nil {
		t.Fatal(err)
	}
	return string(f.Records()[0].Value)
}

func TestRestartKeepsRecordsAndAddress(t *testing.T) {
	dir := t.TempDir()
	b, err := broker.Start(broker.Options{Dir: dir, Sync: true, Open: true, Port: kafkatest.Port(t)})
	if err != nil {
		t.Fatal(err)
	}
	produce(t, b.Addr(), "one")
	addr := b.Addr()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = start(t, dir)
	defer b.Close()
	if b.Addr() != addr {
		t.Errorf("address after the restart: %s, before: %s", b.Addr(), addr)
	}
	if got := firstValue(t, b.Addr()); got != "one" {
		t.Errorf("first record after the restart: %q", got)
	}
}

func TestSecondOnTheFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	b := start(t, dir)
	defer b.Close()
	if _, err := broker.Start(broker.Options{Dir: dir, Open: true}); !errors.Is(err, broker.ErrInUse) {
		t.Errorf("second start: %v", err)
	}
}

func TestAddrIn(t *testing.T) {
	dir := t.TempDir()
	if _, err := broker.AddrIn(dir); !errors.Is(err, broker.ErrNotRunning) {
		t.Errorf("empty folder: %v", err)
	}
	b := start(t, dir)
	addr, err := broker.AddrIn(dir)
	if err != nil || addr != b.Addr() {
		t.Errorf("running: %q, %v; want %q", addr, err, b.Addr())
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := broker.AddrIn(dir); !errors.Is(err, broker.ErrNotRunning) {
		t.Errorf("stopped: %v", err)
	}
}

// TestKill9KeepsRecords runs a broker in a child process, writes one record, kills the child and starts on its folder.
func TestKill9KeepsRecords(t *testing.T) {
	if dir := os.Getenv("BROKER_TEST_DIR"); dir != "" {
		start(t, dir)
		select {} // until killed
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill9KeepsRecords$")
	cmd.Env = append(os.Environ(), "BROKER_TEST_DIR="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	addr := waitAddr(t, dir)
	produce(t, addr, "acked")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the child was not killed")
	}
	b := start(t, dir)
	defer b.Close()
	if got := firstValue(t, b.Addr()); got != "acked" {
		t.Errorf("first record after kill -9: %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "kafka")); err != nil {
		t.Error(err)
	}
}

func waitAddr(t *testing.T, dir string) string {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); ; {
		if addr, err := broker.AddrIn(dir); err == nil {
			return addr
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the child's broker did not come up")
		}
	}
}
