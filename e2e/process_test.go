package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// process is one running binary; it can be killed and started again on the same ports.
type process struct {
	t       *testing.T
	name    string
	replica int    // of several of the name: 2, …; 0: the first
	path    string // of the binary; "": that of the name
	args    []string
	env     []string
	cmd     *exec.Cmd
	done    chan struct{}
	err     error
	log     *logbook
}

// logbook keeps all output of a process, that of its later starts included.
type logbook struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(p)
}

// text is all that was written so far.
func (l *logbook) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()
}

func newProcess(t *testing.T, name string, args ...string) *process {
	return &process{t: t, name: name, args: args, log: &logbook{}}
}

func (p *process) start() {
	p.t.Helper()
	path := p.path
	if path == "" {
		path = filepath.Join(binaries, p.name)
	}
	p.cmd = exec.Command(path, p.args...)
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	done, cmd := make(chan struct{}), p.cmd
	p.done = done
	go func() {
		p.err = cmd.Wait()
		close(done)
	}()
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
		if p.t.Failed() {
			p.t.Logf("log of %s:\n%s", p.label(), tail(p.log.text(), 40))
		}
	})
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// label tells replicas apart.
func (p *process) label() string {
	if p.replica == 0 {
		return p.name
	}
	return fmt.Sprint(p.name, "-", p.replica)
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// kill ends the process by SIGKILL.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
	<-p.done
}

// stop ends the process by SIGTERM; it fails the test unless the process ends with status 0 within that time.
func (p *process) stop(within time.Duration) {
	p.t.Helper()
	if p.terminate(within); p.err != nil {
		p.t.Errorf("%s after SIGTERM: %v\n%s", p.label(), p.err, tail(p.log.text(), 20))
	}
}

// terminate ends the process by SIGTERM; it fails the test unless the process ends within that time, with whatever status: without
// Kafka, what nobody was promised cannot be written any more, and the process says so by status 1.
func (p *process) terminate(within time.Duration) {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(within):
		p.t.Errorf("%s did not stop within %s", p.label(), within)
		p.kill()
	}
}

// run runs a command to its end and returns its output and exit code.
func run(t *testing.T, within time.Duration, name string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(binaries, name), args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// dials says whether something listens there.
func dials(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// freePort finds an address for a process of this test, or for a server that is started again at it.
func freePort(t *testing.T) string {
	t.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(kafkatest.Port(t)))
}

// eventually polls until ok, and fails the test with what it last saw.
func eventually(t *testing.T, within time.Duration, what string, ok func() (done bool, saw string)) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(within)
	for {
		done, saw := ok()
		if done {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within %s; last seen: %s", what, within, saw)
		}
	}
}

// get returns status and body of a GET, 0 if there is no answer.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(b)
}

// client keeps no connections between tests: processes come and go.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
