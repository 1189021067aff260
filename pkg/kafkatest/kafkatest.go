// Package kafkatest gives a test a Kafka: $KAFKA_BROKERS, else Apache Kafka in Docker, else the embedded broker. Tests
// of every module use it; the tests of one binary share a broker, and each test has its own topics. It refuses to be
// used outside tests, and to make others depend on testcontainers: the command in docker, a module of its own, starts
// the container.
package kafkatest

import (
	"crypto/rand"
	"encoding/hex"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// The kinds of broker that Brokers returns.
const (
	Env      = "env"      // $KAFKA_BROKERS, comma separated
	Docker   = "docker"   // a container of this test binary's
	Embedded = "embedded" // in this process
)

// running is the broker that the tests of this binary share.
var running struct {
	sync.Mutex
	addrs []string
	kind  string
	stop  func() error
}

// Brokers returns the addresses of the broker and its kind. With $KAFKA_TEST=embedded Docker is not tried.
func Brokers(tb testing.TB) (addrs []string, kind string) {
	tb.Helper()
	running.Lock()
	defer running.Unlock()
	if running.kind != "" {
		return running.addrs, running.kind
	}
	if env := os.Getenv("KAFKA_BROKERS"); env != "" {
		running.addrs, running.kind, running.stop = strings.Split(env, ","), Env, func() error { return nil }
		return running.addrs, running.kind
	}
	if os.Getenv("KAFKA_TEST") != Embedded && dockerIsHere() {
		addr, stop, err := startContainer()
		if err == nil {
			running.addrs, running.kind, running.stop = []string{addr}, Docker, stop
			return running.addrs, running.kind
		}
		tb.Logf("docker is here, but Apache Kafka does not start in it; taking the embedded broker: %v", err)
	}
	b, err := broker.Start(broker.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	running.addrs, running.kind, running.stop = []string{b.Addr()}, Embedded, b.Close
	return running.addrs, running.kind
}

// Main is all that a TestMain needs: func TestMain(m *testing.M) { kafkatest.Main(m) }.
func Main(m *testing.M, allowed ...goleak.Option) {
	os.Exit(Run(m, allowed...)) //nolint:revive // deep-exit: this is a test binary's main
}

// atATime is how many parallel tests run at a time, unless go test -parallel says otherwise: they wait more than they compute.
const atATime = "4"

// Run runs a test binary's tests, stops the broker that Brokers started and fails on leaked goroutines. It returns the
// exit code.
func Run(m *testing.M, allowed ...goleak.Option) int {
	if os.Getenv(processEnv) != "" {
		return serve()
	}
	if err := flag.Set("test.parallel", atATime); err != nil { // before the command line is read
		fmt.Fprintln(os.Stderr, "kafkatest:", err)
		return 1
	}
	code := m.Run()
	running.Lock()
	defer running.Unlock()
	if running.stop != nil {
		if err := running.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "kafkatest: stopping the broker:", err)
			code = max(code, 1)
		}
	}
	if code == 0 {
		if err := leaktest.Find(allowed...); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	return code
}

// Client opens a client of Brokers, which is closed when the test ends.
func Client(tb testing.TB) *stream.Client {
	tb.Helper()
	addrs, _ := Brokers(tb)
	c, err := stream.Open(stream.Config{Brokers: addrs, ClientID: "test"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// Names returns topic names under a prefix that only this test uses.
func Names(tb testing.TB) topic.Names {
	tb.Helper()
	var random [4]byte
	if _, err := rand.Read(random[:]); err != nil {
		tb.Fatal(err)
	}
	name := notInNames.ReplaceAllString(strings.ToLower(tb.Name()), "-")
	return topic.Names{Prefix: fmt.Sprintf("%.60s.%s.", strings.Trim(name, "-"), hex.EncodeToString(random[:]))}
}

// Create creates the topics of n for the datasets, with the given number of partitions.
func Create(tb testing.TB, c *stream.Client, n topic.Names, partitions int, datasets ...string) {
	tb.Helper()
	if _, err := c.Apply(tb.Context(), n.Specs(datasets, partitions, 1), false); err != nil {
		tb.Fatal(err)
	}
}
