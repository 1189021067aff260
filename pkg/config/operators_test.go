package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOperatorsPorts (T46): where the file says nothing, operators' ports and the sandbox are of this machine; so are lone ports. Who
// says more is heard.
func TestOperatorsPorts(t *testing.T) {
	for said, want := range map[string]string{
		"":       "127.0.0.1:9080 127.0.0.1:9081 127.0.0.1:9082 127.0.0.1:8090  ",
		"0":      "127.0.0.1:0 127.0.0.1:0 127.0.0.1:0 127.0.0.1:0 127.0.0.1:0 127.0.0.1:0",
		":0":     ":0 :0 :0 :0 :0 :0",
		"[::]:0": "[::]:0 [::]:0 [::]:0 [::]:0 [::]:0 [::]:0",
	} {
		var env []string
		for _, name := range []string{"INGEST_ADMIN", "INGEST_METRICS", "NORMALIZER_ADMIN", "FORWARDER_ADMIN", "FORWARDER_METRICS", "SANDBOX_LISTEN"} {
			if said != "" {
				env = append(env, "OMNICAPI_"+name+"="+said)
			}
		}
		t.Chdir(t.TempDir())
		cfg, _, err := Load("", env, RoleSandbox)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join([]string{cfg.Ingest.Admin, cfg.Normalizer.Admin, cfg.Forwarder.Admin, cfg.Sandbox.Listen, cfg.Ingest.Metrics, cfg.Forwarder.Metrics}, " ")
		if got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

// TestOperatorsAreChecked: what is wrong with tokens, names and ports of operators, and nothing of a token.
func TestOperatorsAreChecked(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"good": "CANARY-0123456789abcdef", "short": "CANARY"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "omnicapi.yaml")
	for text, want := range map[string]string{
		"operators: {token_files: [good], hosts: [ingest.example.com, ingest.omnicapi_default, ingest]}": "",
		"operators: {token_files: [short]}":                             "operators.token_files.0: short holds fewer than 16 characters",
		"operators: {token_files: [good, gone.token]}":                  "operators.token_files.1: reading gone.token",
		"operators: {token_files: ['']}":                                "operators.token_files.0: is empty",
		"operators: {hosts: ['https://a.example']}":                     "operators.hosts.0: is no name",
		"operators: {hosts: ['*.example.com']}":                         "operators.hosts.0: is no name",
		"operators: {hosts: ['a.example:9080']}":                        "operators.hosts.0: is no name",
		"ingest: {admin: ':9080', metrics: ':9080'}":                    "ingest.metrics: has the port of ingest.admin",
		"ingest: {listen: ':9180', metrics: ':9180'}":                   "ingest.metrics: has the port of ingest.listen",
		"normalizer: {metrics: nowhere}":                                "normalizer.metrics: is no address",
		"forwarder: {admin: ''}":                                        "forwarder.admin: is no address",
		"normalizer: {metrics: ':9180'}\nforwarder: {metrics: ':9180'}": "",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, _, err := Load(file, nil, RoleSandbox)
		said := ""
		if err != nil {
			said = err.Error()
		}
		if (want == "") != (err == nil) || !strings.Contains(said, want) || strings.Contains(said, "CANARY") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if err == nil && len(cfg.Operators.TokenFiles) > 0 && !slices.Contains(cfg.SecretFiles(RoleNormalizer), filepath.Join(dir, "good")) {
			t.Errorf("%s: the token's file is not watched", text)
		}
	}
}
