package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/certtest"
)

const tlsConfig = `
strict_secrets: true
kafka: {brokers: [a:9092]}
graph: {url: "https://graph.facebook.com"}
datasets: {shop: {id: "1", token_file: token}}
sources:
  web: {channel: website, format: capi, dataset: shop, SECRETS}
  pixel: {channel: website, format: meta.pixel, dataset: shop, origins: [https://shop.example.com], PIXEL}
ingest: {tls: {TLS}}
`

// TestIngestTLS: pair, authorities and the names of senders' certificates are checked, by those who use them; nothing quotes a key.
func TestIngestTLS(t *testing.T) {
	const all = "cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem"
	for _, c := range []struct {
		name, tls, secrets, pixel string
		spoil                     func(dir string)
		role                      Role
		wrong, warned             string // "": nothing
	}{
		{name: "all is well", tls: all, secrets: "certificates: [web.example.com, 'spiffe://shop/web']"},
		{name: "HTTPS alone", tls: "cert_file: server.pem, key_file: server.key"},
		{name: "beside secrets", tls: all, secrets: "certificates: [web.example.com], secrets: [token]"},
		{name: "no key", tls: "cert_file: server.pem", wrong: "ingest.tls.key_file: is required with cert_file"},
		{name: "no certificate", tls: "key_file: server.key", wrong: "ingest.tls.cert_file: is required with key_file"},
		{name: "authorities alone", tls: "client_ca_file: ca.pem", wrong: "ingest.tls.cert_file: is required with client_ca_file"},
		{name: "no pair", tls: all, wrong: "server.pem and server.key are no pair", spoil: func(dir string) {
			certtest.Put(t, filepath.Join(dir, "server.key"), certtest.New(t).Server(t, time.Hour).Key)
		}},
		{name: "no key in it", tls: all, wrong: "are no pair", spoil: func(dir string) { certtest.Put(t, filepath.Join(dir, "server.key"), []byte("CANARY")) }},
		{name: "a chain that is broken", tls: all, wrong: "reading certificate 2 of the chain", spoil: func(dir string) {
			issued := certtest.New(t).Server(t, time.Hour)
			issued.Certificate = append(issued.Certificate, "-----BEGIN CERTIFICATE-----\nQ0FOQVJZ\n-----END CERTIFICATE-----\n"...)
			issued.Write(t, dir, "server")
		}},
		{name: "no authority in it", tls: all, wrong: "ingest.tls.client_ca_file: ca.pem: it holds no PEM", spoil: func(dir string) {
			certtest.Put(t, filepath.Join(dir, "ca.pem"), []byte("CANARY"))
		}},
		{name: "gone", tls: all, wrong: "ingest.tls.cert_file: reading server.pem", spoil: func(dir string) { _ = os.Remove(filepath.Join(dir, "server.pem")) }},
		{name: "gone, and another's", tls: all, role: RoleForwarder, spoil: func(dir string) { _ = os.Remove(filepath.Join(dir, "server.pem")) }},
		{name: "a key for all", tls: all, wrong: "ingest.tls.key_file: everybody", spoil: func(dir string) {
			_ = os.Chmod(filepath.Join(dir, "server.key"), 0o644)
		}},
		{name: "expired", tls: all, warned: "ingest.tls.cert_file: server.pem: the certificate is not valid now: it has expired", spoil: func(dir string) {
			certtest.New(t).Server(t, -time.Hour).Write(t, dir, "server")
		}},
		{name: "names without authorities", tls: "", secrets: "certificates: [web]", wrong: "sources.web.certificates: needs ingest.tls.client_ca_file"},
		{name: "a pattern", tls: all, secrets: "certificates: ['*.example.com']", wrong: "sources.web.certificates.0: has a *"},
		{name: "twice", tls: all, secrets: "certificates: [a, a]", wrong: "sources.web.certificates.1: stands twice"},
		{name: "empty", tls: all, secrets: "certificates: ['']", wrong: "sources.web.certificates.0: is empty"},
		{name: "and open", tls: all, secrets: "certificates: [a], auth: none", wrong: "sources.web.auth: is none, but there are certificates"},
		{name: "of a sender that has none", tls: all, pixel: "certificates: [a]", wrong: "sources.pixel.certificates: is for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			authority := certtest.New(t)
			authority.Server(t, time.Hour).Write(t, dir, "server")
			certtest.Put(t, filepath.Join(dir, "ca.pem"), authority.PEM)
			certtest.Put(t, filepath.Join(dir, "token"), []byte("CANARY-token"))
			if c.spoil != nil {
				c.spoil(dir)
			}
			if c.secrets == "" {
				c.secrets = "secrets: [token]"
			}
			if c.role == "" {
				c.role = RoleAll
			}
			file := filepath.Join(dir, "omnicapi.yaml")
			certtest.Put(t, file, []byte(strings.NewReplacer("SECRETS", c.secrets, "PIXEL", c.pixel, "TLS", c.tls).Replace(tlsConfig)))
			cfg, warnings, err := Load(file, nil, c.role)
			said, warned := "", strings.Join(warnings, "\n")
			if err != nil {
				said = err.Error()
			}
			if (err != nil) != (c.wrong != "") || !strings.Contains(said, c.wrong) || (len(warnings) > 0) != (c.warned != "") || !strings.Contains(warned, c.warned) {
				t.Errorf("%v\n%s", err, warned)
			}
			if strings.Contains(said+warned, "CANARY") || strings.Contains(said+warned, "PRIVATE") {
				t.Errorf("a secret is quoted: %s %s", said, warned)
			}
			if err == nil && c.tls == all && cfg.Ingest.TLS.ClientCAFile != filepath.Join(dir, "ca.pem") {
				t.Errorf("%+v is relative", cfg.Ingest.TLS)
			}
		})
	}
}
