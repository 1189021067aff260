package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// clientsEnv is the environment variable that says that the clients in clients/ are prepared (see the README there); it
// names the folder of the built Go clients.
const clientsEnv = "E2E_CLIENTS"

// needClients skips the test with a clear message if the clients are not prepared: they are other people's and need Node
// and Python beside Go. .ci/run prepares them.
func needClients(t *testing.T) (binaries string) {
	t.Helper()
	dir := os.Getenv(clientsEnv)
	if dir == "" {
		t.Skipf("REAL CLIENTS ARE NOT TESTED: prepare them as clients/README.md says and set %s", clientsEnv)
	}
	return dir
}

// TestRealClients runs clients of other people, unmodified but for their host. Each must report success itself, and its
// purchase must arrive once, of the customer that it named.
func TestRealClients(t *testing.T) {
	built := needClients(t)
	node := func(script string) []string { return []string{"node", filepath.Join("clients", "node", script)} }
	python := func(script string) []string {
		return []string{os.Getenv("E2E_PYTHON"), filepath.Join("clients", "python", script)}
	}
	binary := func(name string) []string { return []string{filepath.Join(built, name)} }
	s := newRecordedStack(t)
	for _, c := range []struct {
		name    string
		command []string
		env     []string
	}{
		{"facebook-nodejs-business-sdk", node("facebook.mjs"), nil},
		{"facebook_business", python("facebook.py"), nil},
		{"segment-analytics-node", node("segment-node.mjs"), nil},
		{"segment-analytics-next", node("segment-browser.mjs"), nil},
		{"segment-analytics-go", binary("segment"), nil},
		{"rudder-sdk-node", node("rudder-node.mjs"), nil},
		{"rudder-analytics-go", binary("rudder"), nil},
		{"jitsu-js", node("jitsu.mjs"), nil},
		{"cloudevents-js-binary", node("cloudevents.mjs"), []string{"MODE=binary"}},
		{"cloudevents-js-structured", node("cloudevents.mjs"), []string{"MODE=structured"}},
		{"cloudevents-go-binary", binary("cloudevents"), []string{"MODE=binary"}},
		{"cloudevents-go-structured", binary("cloudevents"), []string{"MODE=structured"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := "real-" + c.name
			env := append([]string{
				"INGEST=" + s.ingestURL, "EVENT_ID=" + id, "TOKEN=" + secretOf(t, "capi"), "DATASET=" + shopID,
				"WRITE_KEY=" + secretOf(t, "segment"),
			}, c.env...)
			runClient(t, nil, env, c.command...)
			got := s.waitArrived(1, url.Values{"event_id": {id}})
			if len(got) != 1 || got[0].Event["event_name"] != "Purchase" {
				t.Fatalf("%d events: %v", len(got), got)
			}
			user, _ := got[0].Event["user_data"].(map[string]any)
			sum := sha256.Sum256([]byte("jane.doe@example.com"))
			hash, _, _ := strings.Cut(fmt.Sprint(user["em"]), ".") // Meta's own SDKs append who hashed it
			if strings.Trim(hash, "[]") != hex.EncodeToString(sum[:]) {
				t.Errorf("em: %v", user["em"])
			}
			custom, _ := got[0].Event["custom_data"].(map[string]any)
			if value, _ := custom["value"].(json.Number); !sameNumber(value, "59.9") || custom["currency"] != "USD" {
				t.Errorf("value: %v %v", custom["value"], custom["currency"])
			}
		})
	}
}

func secretOf(t *testing.T, format string) string {
	t.Helper()
	text, err := recorded.Secret(format)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// runClient runs a command, which must succeed, and returns its output.
func runClient(t *testing.T, stdin []byte, env []string, command ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = bytes.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", command, err, out, errs.Bytes())
	}
	return out
}
