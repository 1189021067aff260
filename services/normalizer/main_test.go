package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asMain makes this test binary the service itself.
const asMain = "NORMALIZER_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
	}
	os.Exit(m.Run())
}

// TestBrokenMappingIsAWrongConfiguration: every broken mapping file is named, with its field, and it is exit 2.
func TestBrokenMappingIsAWrongConfiguration(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"key":         "s3cret\n",
		"broken.json": `{"format": {"decimal": "x"}, "columns": {"event_name": {"name": "A"}, "event_time": {"name": "B"}}}`,
		"flat.json":   `{"EVENT_NAME": 0, "EVENT_TIME": 1}`,
		"omnicapi.yaml": `
kafka: {brokers: ["127.0.0.1:1"]}
graph: {url: "http://127.0.0.1:1"}
datasets: {shop: {id: "1", token_file: key}}
sources:
  broken: {channel: store, format: csv, dataset: shop, secrets: [key], mapping: broken.json}
  other: {channel: store, format: json, dataset: shop, secrets: [key], mapping: flat.json}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{nil, {"--check"}} {
		var out bytes.Buffer
		c := exec.CommandContext(t.Context(), os.Args[0], append(args, "-c", filepath.Join(dir, "omnicapi.yaml"))...) //nolint:gosec // this binary
		c.Env = append(os.Environ(), asMain+"=1")
		c.Stdout, c.Stderr = &out, &out
		var exit *exec.ExitError
		if err := c.Run(); !errors.As(err, &exit) || exit.ExitCode() != 2 {
			t.Errorf("%v: %v, want exit 2", args, err)
		}
		for _, want := range []string{"sources.broken.mapping", "broken.json", "format.decimal", "sources.other.mapping", "flat.json"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is not in:\n%s", args, want, &out)
			}
		}
	}
}
