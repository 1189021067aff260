package kafkatest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// processEnv is the variable that makes a test binary, whose TestMain calls Main, run a broker instead of its tests.
const processEnv = "KAFKATEST_PROCESS"

// Apart returns the addresses of a broker that runs in another process, so that measuring this one does not include its
// cost: $KAFKA_BROKERS, else the embedded broker in a copy of this test binary, whose TestMain must call Main.
func Apart(tb testing.TB) []string {
	tb.Helper()
	if env := os.Getenv("KAFKA_BROKERS"); env != "" {
		return strings.Split(env, ",")
	}
	cmd := exec.CommandContext(context.WithoutCancel(tb.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), processEnv+"=1")
	addr, stop, err := startProcess(cmd)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := stop(); err != nil {
			tb.Error(err)
		}
	})
	return []string{addr}
}

// startProcess starts a process that writes its broker's address on a line and ends when its standard input ends, which
// it also does if this process is killed. stop ends it and waits for it.
func startProcess(cmd *exec.Cmd) (addr string, stop func() error, err error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, fmt.Errorf("starting the broker's process: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, fmt.Errorf("starting the broker's process: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("starting the broker's process: %w", err)
	}
	stop = func() error {
		_ = in.Close() // the process ends with it
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("the broker's process: %w: %s", err, bytes.TrimSpace(said.Bytes()))
		}
		return nil
	}
	addr, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("reading the broker's address: %w", err), stop())
	}
	return strings.TrimSpace(addr), stop, nil
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
