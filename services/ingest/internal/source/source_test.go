package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
)

const page = "https://shop.example.com"

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLoad: what a source of the configuration becomes.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	first, second := writeFile(t, filepath.Join(dir, "first"), "A"), writeFile(t, filepath.Join(dir, "second"), "B\n")
	verify := writeFile(t, filepath.Join(dir, "verify"), "V")
	mapping := writeFile(t, filepath.Join(dir, "m.json"), `{"version":1,"defaults":{"event_name":"Purchase"},"columns":{"event_time":{"column":"A"},"user_data.em":{"column":"B"}}}`)
	cfg := config.Default()
	cfg.Kafka.Prefix = "p."
	cfg.Datasets["shop"] = config.Dataset{ID: "77"}
	cfg.Sources["page"] = config.Source{
		Channel: "website", Format: "collect", Dataset: "shop", Key: "k", Secrets: []string{first, second},
		Origins: []string{"https://Shop.Example.com/", page}, PublicURL: "https://in.example.com/",
		Rate: config.Rate{EventsPerSecond: 2.5},
	}
	cfg.Sources["file"] = config.Source{Channel: "store", Format: "csv", Dataset: "shop", Secrets: []string{first}, Mapping: mapping}
	cfg.Sources["hook"] = config.Source{Channel: "whatsapp", Format: "whatsapp", Dataset: "shop", Secrets: []string{first}, VerifyTokenFile: verify}
	cfg.Sources["free"] = config.Source{Channel: "crm", Format: "capi", Dataset: "shop", Auth: "none"}
	r, err := Load(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, s := range r.All() {
		order = append(order, s.Name)
	}
	if diff := cmp.Diff([]string{"file", "free", "hook", "page"}, order); diff != "" {
		t.Error(diff)
	}
	s := r.Named("page")
	got := []string{s.Channel, s.Format, s.Key, s.DatasetID, s.Topic, s.Terms.PublicURL, strings.Join(s.Origins, " ")}
	want := []string{"website", "collect", "k", "77", "p.events.website", "https://in.example.com", "https://shop.example.com " + page}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !s.Browser || s.Open || s.Mapping != nil || s.PerMinute() != 150 {
		t.Errorf("page: browser %v, open %v, %d a minute", s.Browser, s.Open, s.PerMinute())
	}
	for secret, want := range map[string]bool{"A": true, "B": true, "V": false} {
		if g, _ := auth.Find([]*Source{s}, receive.Claim{Secret: secret}); g.Server != want || s.Verifies(secret) != want {
			t.Errorf("page: secret %s is right: %v", secret, g.Server)
		}
	}
	if hook := r.Named("hook"); !hook.Verifies("V") || hook.Verifies("A") || hook.Browser {
		t.Error("hook: a verify token of its own goes before the secrets")
	}
	if r.Named("file").Mapping == nil || !r.Named("free").Open || r.Named("free").PerMinute() != 0 || r.Named("gone") != nil {
		t.Error("file, free or gone")
	}
	if of := r.Of("capi", ""); len(of) != 1 || of[0].Name != "free" || len(r.Of("capi", "crm")) != 1 || len(r.Of("capi", "store")) != 0 || len(r.Of("xlsx", "")) != 0 {
		t.Errorf("of capi: %v", of)
	}
}

// TestLoadRefuses: the error names the source, and what is wrong.
func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	good := writeFile(t, filepath.Join(dir, "good"), "CANARY")
	bad := writeFile(t, filepath.Join(dir, "bad.json"), `{"version":1,"columns":{"user_data.nose":{"column":"A"}}}`)
	for name, c := range map[string]struct {
		source config.Source
		say    string
	}{
		"format":       {config.Source{Format: "pigeon"}, "pigeon"},
		"secret":       {config.Source{Format: "capi", Secrets: []string{good, filepath.Join(dir, "gone")}}, "gone"},
		"verify token": {config.Source{Format: "whatsapp", Secrets: []string{good}, VerifyTokenFile: filepath.Join(dir, "lost")}, "lost"},
		"mapping":      {config.Source{Format: "csv", Secrets: []string{good}, Mapping: bad}, "mapping"},
	} {
		cfg := config.Default()
		cfg.Sources["mine"] = c.source
		_, err := Load(cfg)
		if err == nil || !strings.Contains(err.Error(), "source mine") || !strings.Contains(err.Error(), c.say) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
