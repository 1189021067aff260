package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// toolEnv names the script that runs Apache Kafka (tools/kafka): its own cluster for each test that needs one.
const toolEnv = "E2E_KAFKA_TOOL"

// apache is a cluster of Apache Kafka that only one test uses.
type apache struct {
	t     *testing.T
	port  int // of the first broker; the next have ten more each
	data  string
	env   []string
	addrs []string
}

// newApache starts brokers; config is more lines of their server.properties, in which {N} stands for the Nth port after the first's. The data is in
// dir, "": anywhere.
func newApache(t *testing.T, brokers int, dir, config string) *apache {
	t.Helper()
	if os.Getenv(toolEnv) == "" {
		t.Skipf("APACHE KAFKA IS NOT TESTED: set %s to the path of tools/kafka", toolEnv)
	}
	if dir == "" {
		dir = t.TempDir()
	}
	a := &apache{t: t, port: freePorts(t), data: filepath.Join(dir, "kafka")}
	config = "log.index.size.max.bytes=65536\n" + config
	for i := range 20 {
		config = strings.ReplaceAll(config, fmt.Sprint("{", i, "}"), strconv.Itoa(a.port+i))
	}
	a.env = append(os.Environ(), "KAFKA_PORT="+strconv.Itoa(a.port), "KAFKA_DATA="+a.data, "KAFKA_HEAP=256m", "KAFKA_CONFIG="+config)
	t.Cleanup(func() { a.do("stop") })
	line := a.do("start", strconv.Itoa(brokers))
	list, ok := strings.CutPrefix(strings.TrimSpace(line), "KAFKA_BROKERS=")
	if !ok {
		t.Fatalf("the tool says %q", line)
	}
	a.addrs = strings.Split(list, ",")
	return a
}

// freePorts finds a port for a first broker, so that those of all others are free. It is below those that the system gives to
// connections, and above those of kafkatest.Port: a broker takes its ports late.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 100 {
		port, taken := 24000+rand.IntN(8000), false
		for i := 0; i < 30 && !taken; i++ {
			taken = !kafkatest.IsFree(port + i)
		}
		if !taken {
			return port
		}
	}
	t.Fatal("no thirty ports in a row are free")
	return 0
}

// do runs the tool and returns what it prints.
func (a *apache) do(args ...string) string {
	a.t.Helper()
	cmd := exec.Command(os.Getenv(toolEnv), args...)
	cmd.Env = a.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		a.t.Fatalf("%s %s: %v\n%s%s", os.Getenv(toolEnv), strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

// cli runs one of Kafka's own commands.
func (a *apache) cli(class string, args ...string) {
	a.t.Helper()
	a.do(append([]string{"cli", class, "--bootstrap-server", a.addrs[0]}, args...)...)
}

// kill and restart are of broker i, from 1.
func (a *apache) kill(i int)    { a.t.Helper(); a.do("kill", strconv.Itoa(i)) }
func (a *apache) restart(i int) { a.t.Helper(); a.do("restart", strconv.Itoa(i)) }

// signal sends a signal to broker i.
func (a *apache) signal(i int, s syscall.Signal) {
	a.t.Helper()
	text, err := os.ReadFile(filepath.Join(a.data, strconv.Itoa(i), "pid"))
	if err != nil {
		a.t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		a.t.Fatal(err)
	}
	if err := syscall.Kill(pid, s); err != nil {
		a.t.Fatal(err)
	}
}
