package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestVersionsAgree: every way to ask the binaries for their version gives the same build.
func TestVersionsAgree(t *testing.T) {
	text := fmt.Sprintf("%s (commit %s, %s)", builtTag, builtCommit, runtime.Version())
	services := []string{"ingest", "normalizer", "forwarder", "ledger", "sandbox", "omnicapi"}
	for _, name := range services {
		if got := outputOf(t, name, "--version"); got != name+" "+text+"\n" {
			t.Errorf("%s --version: %q, want %s", name, got, text)
		}
	}
	if got := outputOf(t, "omnicapi", "version"); got != "omnicapi "+text+"\n" {
		t.Errorf("omnicapi version: %q", got)
	}
	sameBuild(t, "omnicapi version --output json", outputOf(t, "omnicapi", "version", "--output", "json"))

	s := newStack(t, "")
	_, answer := get(t, s.sandboxURL+"/version")
	sameBuild(t, "sandbox /version", answer)
	for name, addr := range map[string]string{"ingest": s.ingestAdmin, "normalizer": s.normalizerAdmin, "forwarder": s.forwarderAdmin} {
		_, answer := get(t, "http://"+addr+"/version")
		sameBuild(t, name+" /version", answer)
		_, metrics := get(t, "http://"+addr+"/metrics")
		want := fmt.Sprintf(`omnicapi_build_info{commit=%q,go=%q,version=%q} 1`, builtCommit, runtime.Version(), builtTag)
		if !strings.Contains(metrics, want) {
			t.Errorf("%s /metrics: no %s", name, want)
		}
	}
}

func outputOf(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), filepath.Join(binaries, name), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func sameBuild(t *testing.T, where, text string) {
	t.Helper()
	var got struct{ Version, Commit, Go string }
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%s: %v in %s", where, err, text)
	}
	if got.Version != builtTag || got.Commit != builtCommit || got.Go != runtime.Version() {
		t.Errorf("%s: %s", where, text)
	}
}
