package app

import (
	"context"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/lifecycle/lifecycletest"
)

// TestFailedStartClosesWhatItOpened: wherever a start fails, all that was open is closed, the last first, and no goroutine
// is left.
func TestFailedStartClosesWhatItOpened(t *testing.T) {
	taken := lifecycletest.TakenPort(t)
	for name, tt := range map[string]struct {
		change func(*config.Config)
		says   string
		closed []string
	}{
		"a secret is gone": {func(c *config.Config) {
			c.Sources["backend"] = config.Source{Channel: "website", Format: "capi", Dataset: "shop", Secrets: []string{"/nonexistent/secret"}}
		}, "backend", nil},
		"no broker is named":      {func(c *config.Config) { c.Kafka.Brokers = nil }, "broker", []string{"traces"}},
		"the admin port is taken": {func(c *config.Config) { c.Ingest.Admin = taken }, "admin server", []string{"producer", "kafka client", "traces"}},
		"the port is taken": {
			func(c *config.Config) { c.Ingest.Listen = taken }, "listening",
			[]string{"admin server", "producer", "kafka client", "traces"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t, []string{"127.0.0.1:1"}, "none.")
			cfg.Telemetry.OTLPEndpoint = "http://127.0.0.1:1"
			tt.change(cfg)
			start := func(ctx context.Context, d lifecycle.Deps) error { return Run(ctx, cfg, d) }
			lifecycletest.FailedStart(t, start, tt.says, tt.closed)
		})
	}
}
