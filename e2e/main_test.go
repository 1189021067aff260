package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// binaries is the folder of the built binaries, which are those that a user runs.
var binaries string

// services are the folders of the binaries, below the folder of that name.
var services = []string{"ingest", "normalizer", "forwarder", "ledger", "sandbox", "omnicapi"}

// builtTag and builtCommit are the version and commit that the build sets in the binaries, as a release's build does.
const (
	builtTag    = "v0.0.0-e2e"
	builtCommit = "e2ec0de"
)

func TestMain(m *testing.M) {
	if list := os.Getenv(strangerTries); list != "" {
		os.Exit(beStranger(list))
	}
	if dir := os.Getenv(brokerDir); dir != "" {
		os.Exit(serveBroker(dir))
	}
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
	// A link of toxiproxy's that ends while it is given another fault now and then leaves this behind.
	code := kafkatest.Run(m, goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run"))
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// build builds the binaries into dir, with further flags.
func build(dir string, flags ...string) error {
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	const set = "-X github.com/omnicapi/omnicapi/pkg/version."
	args := append([]string{
		"build", "-o", dir + string(filepath.Separator),
		"-ldflags", set + "tag=" + builtTag + " " + set + "commit=" + builtCommit,
	}, flags...)
	for _, name := range services {
		args = append(args, "./services/"+name)
	}
	cmd := exec.CommandContext(context.Background(), "go", args...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the binaries: %w\n%s", err, out)
	}
	return nil
}
