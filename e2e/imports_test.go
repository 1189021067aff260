package e2e

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/omnicapi/omnicapi/"

// doors says who alone may import a library, by import path prefix; tests are left to the linter.
var doors = map[string][]string{
	"github.com/segmentio/kafka-go":   {"pkg/stream"},
	"github.com/testcontainers/":      {"pkg/kafkatest/docker"},
	"github.com/twmb/franz-go":        {"pkg/broker"},
	"github.com/xuri/excelize":        {"pkg/mapfile"},
	"github.com/nyaruka/phonenumbers": {"pkg/phone"},
	module + "services/ingest":        {"services/ingest", "services/omnicapi"},
	module + "services/normalizer":    {"services/normalizer", "services/omnicapi"},
	module + "services/forwarder":     {"services/forwarder", "services/omnicapi"},
	module + "services/sandbox":       {"services/sandbox", "services/omnicapi"},
}

// TestOneDoorPerLibrary holds the import rules of ARCHITECTURE.md.
func TestOneDoorPerLibrary(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "work")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		importer, ok := strings.CutPrefix(fields[0], module)
		if !ok {
			continue
		}
		seen++
		for _, imported := range fields[1:] {
			for library, allowed := range doors {
				if strings.HasPrefix(imported, library) && !within(importer, allowed) {
					t.Errorf("%s imports %s: only %v may", importer, imported, allowed)
				}
			}
		}
	}
	if seen < 20 {
		t.Fatalf("only %d packages were looked at", seen)
	}
}

func within(importer string, allowed []string) bool {
	for _, a := range allowed {
		if importer == a || strings.HasPrefix(importer, a+"/") {
			return true
		}
	}
	return false
}
