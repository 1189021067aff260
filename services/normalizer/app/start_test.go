package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/lifecycle/lifecycletest"
	"github.com/omnicapi/omnicapi/services/normalizer/app"
)

// TestFailedStartClosesWhatItOpened: wherever a start fails, everything that was open is closed, the last opened first,
// and no goroutine is left.
func TestFailedStartClosesWhatItOpened(t *testing.T) {
	taken := lifecycletest.TakenPort(t)
	token := filepath.Join(t.TempDir(), "page.token")
	if err := os.WriteFile(token, []byte("EAApage"), 0o600); err != nil {
		t.Fatal(err)
	}
	leads := func(file string) config.Source {
		return config.Source{Channel: "crm", Format: "meta.leadgen", Dataset: "shop", TokenFile: file}
	}
	for name, tt := range map[string]struct {
		change func(*config.Config)
		says   string
		closed []string
	}{
		"no broker is named": {func(c *config.Config) { c.Kafka.Brokers = nil }, "broker", []string{"traces"}},
		"a second source's token is gone": {
			func(c *config.Config) { c.Sources["b"] = leads("/nonexistent/token") }, "lookups of source b",
			[]string{"lookups of a", "producer", "kafka client", "traces"},
		},
		"the admin port is taken": {
			func(c *config.Config) { c.Normalizer.Admin = taken }, "admin server",
			[]string{"lookups of a", "producer", "kafka client", "traces"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := &config.Config{
				Kafka:      config.Kafka{Brokers: []string{"127.0.0.1:1"}, Prefix: "none."},
				Graph:      config.Graph{URL: "http://127.0.0.1:1", Version: "v25.0", Timeout: time.Second},
				Datasets:   map[string]config.Dataset{"shop": {ID: "1"}},
				Sources:    map[string]config.Source{"a": leads(token)},
				Normalizer: config.Normalizer{Admin: "127.0.0.1:0"},
				Telemetry:  config.Telemetry{OTLPEndpoint: "http://127.0.0.1:1"},
			}
			tt.change(cfg)
			start := func(ctx context.Context, d lifecycle.Deps) error { return app.Run(ctx, cfg, d) }
			lifecycletest.FailedStart(t, start, tt.says, tt.closed)
		})
	}
}
