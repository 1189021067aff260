package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBrokenMappingIsAWrongConfiguration: each service that reads mapping files names every broken file and the field at
// fault, and ends with exit code 2.
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
	for _, service := range []string{"ingest", "normalizer"} {
		for _, args := range [][]string{nil, {"--check"}} {
			stdout, stderr, code := run(t, time.Minute, service, append(args, "-c", filepath.Join(dir, "omnicapi.yaml"))...)
			if code != 2 {
				t.Errorf("%s %v: exit %d, want 2", service, args, code)
			}
			for _, want := range []string{"sources.broken.mapping", "broken.json", "format.decimal", "sources.other.mapping", "flat.json"} {
				if !strings.Contains(stdout+stderr, want) {
					t.Errorf("%s %v: %q is not in:\n%s%s", service, args, want, stdout, stderr)
				}
			}
		}
	}
}
