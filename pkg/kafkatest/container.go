package kafkatest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// starter is the command that runs Apache Kafka in Docker. Go finds its module in the workspace; tests that run outside
// of the workspace use the embedded broker.
var starter = []string{"go", "run", "github.com/omnicapi/omnicapi/pkg/kafkatest/docker"}

// dockerIsHere says whether Docker is likely there, so that running the starter, which takes time, is worth it.
func dockerIsHere() bool {
	if os.Getenv("DOCKER_HOST") != "" {
		return true
	}
	sockets := []string{"/var/run/docker.sock", filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "docker.sock")}
	if home, err := os.UserHomeDir(); err == nil {
		sockets = append(sockets, filepath.Join(home, ".docker/run/docker.sock"), filepath.Join(home, ".docker/desktop/docker.sock"))
	}
	for _, socket := range sockets {
		if _, err := os.Stat(socket); err == nil {
			return true
		}
	}
	return false
}

// startContainer runs one broker in a container, which all tests of the binary share; stop removes it.
func startContainer() (addr string, stop func() error, err error) {
	return startProcess(exec.CommandContext(context.Background(), starter[0], starter[1:]...))
}
