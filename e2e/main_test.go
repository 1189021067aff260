package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// binaries is the folder of the built binaries, which are those that a user runs.
var binaries string

// builtTag and builtCommit are the version and commit that the build sets in the binaries, as a release's build does.
const (
	builtTag    = "v0.0.0-e2e"
	builtCommit = "e2ec0de"
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "omnicapi-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaries = dir
	if err := build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := kafkatest.Run(m)
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func build(dir string) error {
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	const set = "-X github.com/omnicapi/omnicapi/pkg/version."
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", dir+string(filepath.Separator),
		"-ldflags", set+"tag="+builtTag+" "+set+"commit="+builtCommit,
		"./services/ingest", "./services/normalizer", "./services/forwarder", "./services/sandbox", "./services/omnicapi")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the binaries: %w\n%s", err, out)
	}
	return nil
}
