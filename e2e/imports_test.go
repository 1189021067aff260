package e2e

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/omnicapi/omnicapi/"

// doors is the list of the import rules: for a library, by the prefix of its import path, the only folders that may
// import it.
var doors = map[string][]string{
	"github.com/Shopify/toxiproxy":    nil, // tests
	"github.com/segmentio/kafka-go":   {"pkg/stream"},
	"github.com/testcontainers/":      {"pkg/kafkatest/docker"},
	"github.com/twmb/franz-go":        {"pkg/broker", "pkg/kafkatest"},
	"github.com/xuri/excelize":        {"pkg/mapfile"},
	"github.com/nyaruka/phonenumbers": {"pkg/phone"},
	"go.etcd.io/bbolt":                {"services/ingest/internal/spool"},
	"github.com/cockroachdb/":         {"services/ledger/internal/index/disk"},
	"github.com/pkg/errors":           nil, // errors and %w
	"io/ioutil":                       nil, // io and os
	module + "services/ingest":        {"services/ingest", "services/omnicapi"},
	module + "services/normalizer":    {"services/normalizer", "services/omnicapi"},
	module + "services/forwarder":     {"services/forwarder", "services/omnicapi"},
	module + "services/ledger":        {"services/ledger"},
	module + "services/sandbox":       {"services/sandbox", "services/omnicapi"},
}

// testDoors lists the folders whose tests may import a library too.
var testDoors = map[string][]string{
	"github.com/Shopify/toxiproxy":    {"e2e"},
	"github.com/nyaruka/phonenumbers": {"services/normalizer"}, // as the reference
	"github.com/twmb/franz-go":        {"pkg/stream"},
	"github.com/xuri/excelize":        {"pkg/recorded", "e2e"}, // to write workbooks
}

// TestOneDoorPerLibrary: the code keeps the import rules of ARCHITECTURE.md.
func TestOneDoorPerLibrary(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-f",
		`{{.ImportPath}}{{range .Imports}} {{.}}{{end}}{{range .TestImports}} test:{{.}}{{end}}{{range .XTestImports}} test:{{.}}{{end}}`, "work")
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
			imported, inTest := strings.CutPrefix(imported, "test:")
			for library, allowed := range doors {
				if inTest {
					allowed = slices.Concat(allowed, testDoors[library])
				}
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
