package kafkatest

import (
	"net"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// TestStarterIsAProcess: the starter's broker runs until it is stopped. A copy of this test binary stands in for the
// starter, and an embedded broker for the container.
func TestStarterIsAProcess(t *testing.T) {
	defer func(was []string) { starter = was }(starter)
	starter = []string{os.Args[0]}
	t.Setenv(processEnv, "1")
	addr, stop, err := startContainer()
	if err != nil {
		t.Fatal(err)
	}
	if err := dial(t, addr); err != nil {
		t.Errorf("no broker at %s: %v", addr, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := dial(t, addr); err == nil {
		t.Error("the broker outlives its stop")
	}
}

func dial(t *testing.T, addr string) error {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		return err
	}
	return c.Close()
}

// TestStarterFails: what the starter prints reaches the test's log.
func TestStarterFails(t *testing.T) {
	defer func(was []string) { starter = was }(starter)
	starter = []string{"go", "run", "./nowhere"}
	_, _, err := startContainer()
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v", err)
	}
	starter = []string{"./nothing"}
	if _, _, err = startContainer(); err == nil {
		t.Error("a starter that is missing started")
	}
}

// TestDockerIsHere: if a Docker host is named, the starter is to ask it.
func TestDockerIsHere(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
	if !dockerIsHere() {
		t.Error("DOCKER_HOST is left out")
	}
	t.Setenv("DOCKER_HOST", "")
	if err := os.WriteFile(os.Getenv("XDG_RUNTIME_DIR")+"/docker.sock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if !dockerIsHere() {
		t.Error("a rootless Docker's socket is left out")
	}
}
