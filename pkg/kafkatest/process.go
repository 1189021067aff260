package kafkatest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// processEnv makes a test binary whose TestMain is Main a broker and nothing else.
const processEnv = "KAFKATEST_PROCESS"

// Apart returns the addresses of a broker in a process of its own, so that its cost is not the measured one's:
// $KAFKA_BROKERS, else the embedded broker in a copy of this test binary, whose TestMain must be Main.
func Apart(tb testing.TB) []string {
	tb.Helper()
	if env := os.Getenv("KAFKA_BROKERS"); env != "" {
		return strings.Split(env, ",")
	}
	cmd := exec.CommandContext(tb.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), processEnv+"=1")
	cmd.Stderr = os.Stderr
	stop, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = stop.Close() // the process ends with it
		if err := cmd.Wait(); err != nil && tb.Context().Err() == nil {
			tb.Errorf("the broker's process: %v", err)
		}
	})
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("the broker's process says no address: %v", err)
	}
	return []string{strings.TrimSpace(addr)}
}

// serve runs an embedded broker until standard input ends.
func serve() int {
	b, err := broker.Start(broker.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Fprintln(os.Stdout, b.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin) // its end is the sign
	if err := b.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
