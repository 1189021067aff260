package config

import (
	"os"
	"path/filepath"
	"testing"
)

// TestHash: processes that are configured alike have one hash, whoever they are to Kafka; any other value makes another.
func TestHash(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("long-enough"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "omnicapi.yaml")
	if err := os.WriteFile(file, []byte(`
kafka: {brokers: ["a:9092"], sasl: {mechanism: scram-sha-512, username: one, password_file: secret}}
datasets: {shop: {id: "1"}}
sources: {web: {channel: website, format: capi, dataset: shop, secrets: [secret]}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(environ ...string) string {
		t.Helper()
		cfg, _, err := Load(file, environ, RoleIngest)
		if err != nil {
			t.Fatal(err)
		}
		return cfg.Hash
	}
	was := load()
	for _, same := range []string{"OMNICAPI_KAFKA_SASL_USERNAME=two", "OMNICAPI_KAFKA_TLS_CA_FILE=secret"} {
		if load(same) != was {
			t.Errorf("%s: another hash", same)
		}
	}
	for _, other := range []string{"OMNICAPI_KAFKA_BROKERS=b:9092", "OMNICAPI_STRICT_SECRETS=true", "OMNICAPI_DATASETS_SHOP_ID=2"} {
		if load(other) == was {
			t.Errorf("%s: the same hash", other)
		}
	}
}
