package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const strictConfig = `
strict_secrets: STRICT
kafka: {brokers: [a:9092], tls: {ca_file: key.pem, cert_file: key.pem, key_file: key.pem}}
graph: {url: "URL"}
datasets: {shop: {id: "1", token_file: token, test_event_code: "CODE"}}
sources: {web: {channel: website, format: capi, dataset: shop, secrets: [secret]}}
`

// TestLoose: secrets and keys that everybody may read are warned of, or refused with strict_secrets; one that can be guessed, a
// test code beside Meta's own address and an address that is not Meta's are warned of. Nothing quotes a secret.
func TestLoose(t *testing.T) {
	for _, c := range []struct {
		name, strict, url, code, secret string
		mode                            os.FileMode
		wrong, warned                   []string
	}{
		{name: "all is well", strict: "true", mode: 0o600},
		{name: "loose", strict: "false", mode: 0o644, warned: []string{
			"kafka.tls.key_file: everybody", "datasets.shop.token_file: everybody", "sources.web.secrets.0: everybody",
		}},
		{name: "refused", strict: "true", mode: 0o644, wrong: []string{
			"kafka.tls.key_file: everybody", "datasets.shop.token_file: everybody", "sources.web.secrets.0: everybody", "chmod o-rwx",
		}},
		{name: "guessed", strict: "true", mode: 0o600, secret: "§", warned: []string{"sources.web.secrets.0: secret holds fewer than 5"}},
		{name: "a test code", strict: "true", mode: 0o600, code: "TEST1", warned: []string{"datasets.shop.test_event_code: is set"}},
		{name: "a test code elsewhere", strict: "true", mode: 0o600, code: "TEST1", url: "http://localhost:8090", warned: []string{"localhost:8090 is not Meta"}},
		{name: "another's address", strict: "true", mode: 0o600, url: "https://graph.facebook.com.evil.example", warned: []string{"graph.facebook.com.evil.example is not Meta's"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.secret == "" {
				c.secret = "CANARY-long-enough"
			}
			if c.url == "" {
				c.url = "https://graph.facebook.com"
			}
			for file, text := range map[string]string{"secret": c.secret, "token": "CANARY-token", "key.pem": "CANARY"} {
				path := filepath.Join(dir, file)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(path, c.mode); err != nil {
					t.Fatal(err)
				}
			}
			text := strings.NewReplacer("STRICT", c.strict, "URL", c.url, "CODE", c.code).Replace(strictConfig)
			file := filepath.Join(dir, "omnicapi.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, warnings, err := Load(file, nil, RoleAll)
			said, all := "", strings.Join(warnings, "\n")
			if err != nil {
				said = err.Error()
			}
			if (len(c.wrong) > 0) != (err != nil && strings.Contains(said, "strict_secrets")) || (len(c.warned) == 0) != (len(warnings) == 0) {
				t.Errorf("%v\n%s", err, all)
			}
			for _, want := range c.wrong {
				if !strings.Contains(said, want) {
					t.Errorf("no %q in %s", want, said)
				}
			}
			for _, want := range c.warned {
				if !strings.Contains(all, want) {
					t.Errorf("no %q in %s", want, all)
				}
			}
			if strings.Contains(said+all, "CANARY") {
				t.Errorf("a secret is quoted: %s %s", said, all)
			}
		})
	}
}
