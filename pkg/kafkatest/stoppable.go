package kafkatest

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// Stoppable returns a broker that the test may kill and start again with the same data. $E2E_KAFKA_KILL and
// $E2E_KAFKA_START are commands that do so with the broker of number $BROKER, here the first of $KAFKA_BROKERS; without them
// the broker is an embedded one of this test only, with its data on disk.
func Stoppable(tb testing.TB) (addrs []string, kill, start func()) {
	tb.Helper()
	if command := os.Getenv("E2E_KAFKA_KILL"); command != "" {
		kill = func() { shell(tb, "export BROKER=1; "+command) }
		start = func() { shell(tb, "export BROKER=1; "+os.Getenv("E2E_KAFKA_START")) }
		return strings.Split(os.Getenv("KAFKA_BROKERS"), ","), kill, start
	}
	dir, port := tb.TempDir(), Port(tb)
	var b *broker.Broker
	start = func() {
		tb.Helper()
		var err error
		if b, err = broker.Start(broker.Options{Dir: dir, Open: true, Port: port}); err != nil {
			tb.Fatal(err)
		}
	}
	kill = func() {
		tb.Helper()
		if err := b.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	start()
	tb.Cleanup(func() {
		if err := b.Close(); err != nil {
			tb.Error(err)
		}
	})
	return []string{b.Addr()}, kill, start
}

func shell(tb testing.TB, command string) {
	tb.Helper()
	if out, err := exec.CommandContext(tb.Context(), "bash", "-c", command).CombinedOutput(); err != nil {
		tb.Fatalf("%s: %v\n%s", command, err, out)
	}
}
