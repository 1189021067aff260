package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/all"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestLoadReadsTheContractsExample(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	got, warnings, err := Load("testdata/full.yaml", nil, RoleAll)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Hash) != 16 {
		t.Errorf("hash %q", got.Hash)
	}
	want := Default()
	want.Kafka.Brokers = []string{"localhost:9092"}
	want.Graph.URL = "https://graph.facebook.com"
	shop := DefaultDataset()
	shop.ID = "1234567890123456"
	shop.TokenFile = filepath.Join(dir, "secrets/shop.token")
	shop.AppSecretFile = filepath.Join(dir, "secrets/app.secret")
	shop.LimitedDataUse.Options = []string{}
	want.Datasets["shop"] = shop
	key := filepath.Join(dir, "secrets/website.key")
	unproven := DefaultSource().Unproven
	want.Sources["website"] = Source{
		Unproven: unproven,
		Channel:  "website", Format: "meta.openbridge", Dataset: "shop", Key: "1234567890123456",
		Secrets: []string{key}, Origins: []string{"https://shop.example.com"}, PublicURL: "https://ingest.example.com",
		Defaults: Defaults{Country: "US", Currency: "USD", Timezone: "America/New_York", ActionSource: "website"},
		Consent:  Consent{Unknown: "allow"},
		Events:   map[string]string{"Order Shipped": "Purchase", "Signed In": "drop", "v1.order.done": "Purchase"},
	}
	want.Sources["store"] = Source{
		Unproven: unproven,
		Channel:  "store", Format: "csv", Dataset: "shop", Secrets: []string{key},
		Mapping: filepath.Join(dir, "mappings/store.json"), Consent: Consent{Unknown: "allow"},
	}
	want.Ingest.TrustedProxies = []string{}
	want.Ingest.Spool = Spool{Dir: filepath.Join(dir, "spool"), Size: 512 << 20}
	want.Ledger.Dir = filepath.Join(dir, "ledger")
	want.File, want.Dir, want.Hash = "testdata/full.yaml", dir, got.Hash
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, w := range warnings {
		if !strings.Contains(w, "can read") {
			t.Errorf("warning %q", w)
		}
	}
}

// Every file of testdata/bad is wrong; its golden file lists all that is said, by path and line.
func TestLoadReportsEverythingAtOnce(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, _, err := Load(file, nil, RoleAll)
			if err == nil {
				t.Fatal("no error")
			}
			var problems Problems
			if p, ok := err.(Problems); ok { //nolint:errorlint // the contract of Load is the type itself
				problems = p
			}
			if len(problems) == 0 {
				t.Fatalf("%T is no Problems", err)
			}
			// The list of formats is not this package's to spell.
			got := strings.ReplaceAll(err.Error(), strings.Join(all.Names(), ", "), "$FORMATS") + "\n"
			if strings.Contains(got, "CANARY") {
				t.Errorf("a secret is quoted:\n%s", got)
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestRolesNeedTheirPartOnly(t *testing.T) {
	const bare = `
datasets: {shop: {id: "1", token_file: no/shop.token}}
sources: {website: {channel: store, format: csv, dataset: shop, secrets: [no/website.key], mapping: no/store.json}}
`
	const withBrokers = "kafka: {brokers: [localhost:9092]}" + bare
	for _, tt := range []struct {
		role Role
		text string
		want []string // paths
	}{
		{RoleIngest, withBrokers, []string{"sources.website.secrets.0", "sources.website.mapping"}},
		{RoleNormalizer, withBrokers, []string{"sources.website.mapping"}},
		{RoleForwarder, withBrokers, []string{"datasets.shop.token_file", "graph.url"}},
		{RoleSandbox, bare, []string{"datasets.shop.token_file"}},
		{RoleCommand, bare, nil},
		{RoleLocal, bare, []string{"datasets.shop.token_file", "sources.website.secrets.0", "sources.website.mapping"}},
		{RoleAll, bare, []string{"datasets.shop.token_file", "sources.website.secrets.0", "sources.website.mapping", "graph.url", "kafka.brokers"}},
	} {
		t.Run(string(tt.role), func(t *testing.T) {
			_, _, err := parseConfig([]byte(tt.text), "omnicapi.yaml", nil, tt.role)
			var got []string
			if p, ok := err.(Problems); ok { //nolint:errorlint // the contract of Load is the type itself
				for _, one := range p {
					got = append(got, one.Path)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			less := func(a, b string) int { return strings.Compare(a, b) }
			if diff := cmp.Diff(sorted(tt.want, less), sorted(got, less)); diff != "" {
				t.Errorf("-want +got:\n%s\n%v", diff, err)
			}
		})
	}
}

func TestEmbeddedBrokerHasItsOwnDefaults(t *testing.T) {
	cfg, _, err := parseConfig(nil, "", nil, RoleCommand)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Kafka.Partitions != 3 || cfg.Kafka.Replication != 1 {
		t.Errorf("without brokers: %d partitions, %d replicas", cfg.Kafka.Partitions, cfg.Kafka.Replication)
	}
	cfg, _, err = parseConfig(nil, "", []string{"OMNICAPI_KAFKA_BROKERS=a:1,b:2"}, RoleCommand)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Kafka.Partitions != 12 || cfg.Kafka.Replication != 3 {
		t.Errorf("with brokers: %d partitions, %d replicas", cfg.Kafka.Partitions, cfg.Kafka.Replication)
	}
	_, _, err = parseConfig([]byte("kafka: {replication: 3}"), "", nil, RoleLocal)
	if err == nil || !strings.Contains(err.Error(), "line 1: kafka.replication") {
		t.Errorf("three replicas on one node: %v", err)
	}
}

func TestLoadFindsTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, _, err := Load("", nil, RoleIngest); err == nil || !strings.Contains(err.Error(), "config init") {
		t.Errorf("no file: %v", err)
	}
	if _, _, err := Load("gone.yaml", nil, RoleCommand); err == nil || !strings.Contains(err.Error(), "reading gone.yaml: no such file") {
		t.Errorf("missing file: %v", err)
	}
	if cfg, _, err := Load("", nil, RoleSandbox); err != nil || cfg.Graph.Timeout != 8*time.Second {
		t.Errorf("the sandbox without a file: %v", err)
	}
	if err := os.WriteFile("omnicapi.yaml", []byte("sandbox: {listen: 0}"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, _, err := Load("", nil, RoleSandbox)
	if err != nil || cfg.Sandbox.Listen != "127.0.0.1:0" {
		t.Errorf("./omnicapi.yaml: %v", err)
	}
	if err := os.WriteFile("other.yaml", []byte("sandbox: {listen: ':7000'}"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, _, err = Load("", []string{"OMNICAPI_CONFIG=other.yaml"}, RoleSandbox)
	if err != nil || cfg.Sandbox.Listen != ":7000" {
		t.Errorf("$OMNICAPI_CONFIG: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/full.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte(`sources: {"a\0b": {events: {"\0": x}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, _, err := parseConfig(data, "omnicapi.yaml", []string{"OMNICAPI_KAFKA_PREFIX=x."}, RoleAll)
		if (cfg == nil) == (err == nil) {
			t.Fatal("a configuration and an error, or neither")
		}
		if cfg != nil {
			if err := cfg.Validate(RoleAll); err != nil {
				t.Fatal(err)
			}
		}
	})
}
