package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// killable is one broker that a test may kill and start again on its data.
type killable struct {
	name        string
	kill, start func()
	network     *wire // that clients reach it over; nil: they reach it by themselves
}

// besideOthers runs a test that kills brokers beside others, unless those brokers are everybody's.
func besideOthers(t *testing.T) {
	t.Helper()
	if os.Getenv("E2E_KAFKA_KILL") == "" {
		t.Parallel()
	}
}

// killableBrokers are all brokers of a cluster that this test may kill. Those of Apache Kafka at $KAFKA_BROKERS if
// $E2E_KAFKA_KILL and $E2E_KAFKA_START say how, by shell commands that find the broker's number (from 1) in $BROKER; else an
// embedded one in a process of its own, on disk.
func killableBrokers(t *testing.T) (brokers []killable, addrs []string) {
	t.Helper()
	if command := os.Getenv("E2E_KAFKA_KILL"); command != "" {
		addrs = strings.Split(os.Getenv("KAFKA_BROKERS"), ",")
		for i := range addrs {
			number := fmt.Sprint("export BROKER=", i+1, "; ")
			brokers = append(brokers, killable{
				name:  fmt.Sprint("broker ", i+1),
				kill:  func() { shell(t, number+command) },
				start: func() { shell(t, number+os.Getenv("E2E_KAFKA_START")) },
			})
		}
		return brokers, addrs
	}
	dir := t.TempDir()
	p := newProcess(t, "the embedded broker")
	listens := freePort(t)
	network := newWire(t, freePort(t), listens)
	p.path, p.env = os.Args[0], []string{brokerDir + "=" + dir, brokerListens + "=" + listens, brokerAdvertised + "=" + network.addr()}
	address := dir + "/address"
	start := func() {
		p.start()
		eventually(t, time.Minute, "the embedded broker listens", func() (bool, string) {
			b, err := os.ReadFile(address)
			if err != nil {
				return false, err.Error()
			}
			addr := string(b)
			return dials(addr), addr
		})
	}
	start()
	kill := func() { p.kill(); network.part() } // its port refuses, too
	again := func() { start(); network.heal() }
	return []killable{{name: "the embedded broker", kill: kill, start: again, network: network}}, []string{network.addr()}
}

// brokerDir is the variable that makes this test binary an embedded broker on a folder, until it is killed; the others say where it
// listens, and where clients are sent.
const (
	brokerDir        = "E2E_BROKER_DIR"
	brokerListens    = "E2E_BROKER_LISTENS"
	brokerAdvertised = "E2E_BROKER_ADVERTISED"
)

func serveBroker(dir string) int {
	_, port, _ := net.SplitHostPort(os.Getenv(brokerListens))
	n, _ := strconv.Atoi(port) // else any
	b, err := broker.Start(broker.Options{Dir: dir + "/data", Sync: true, Open: true, Port: n, Advertised: os.Getenv(brokerAdvertised)})
	if err == nil {
		err = os.WriteFile(dir+"/address", []byte(b.Addr()), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	select {}
}

func shell(t *testing.T, command string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "bash", "-c", command).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", command, err, out) // a broker may be started beside other things
	}
}
