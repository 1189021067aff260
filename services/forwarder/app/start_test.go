package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/lifecycle/lifecycletest"
	"github.com/omnicapi/omnicapi/services/forwarder/app"
)

// TestFailedStartClosesWhatItOpened: wherever a start fails, all that was open is closed, the last first, and no goroutine
// is left. It is not parallel: others' goroutines would be taken for its own.
func TestFailedStartClosesWhatItOpened(t *testing.T) { //nolint:paralleltest // as said
	taken := lifecycletest.TakenPort(t)
	for name, tt := range map[string]struct {
		change func(*config.Config)
		says   string
		closed []string
	}{
		"no broker is named": {func(c *config.Config) { c.Kafka.Brokers = nil }, "broker", []string{"traces"}},
		"a second dataset's token is gone": {
			func(c *config.Config) { c.Datasets["shoes"] = datasetConfig("222", "/nonexistent/token") },
			"token of dataset shoes",
			[]string{"poster of hats", "producer", "kafka client", "traces"},
		},
		"no address": {func(c *config.Config) { c.Graph.URL = "graph.facebook.com" }, "graph.url", []string{"producer", "kafka client", "traces"}},
		"the admin port is taken": {
			func(c *config.Config) { c.Forwarder.Admin = taken }, "admin server",
			[]string{"poster of hats", "producer", "kafka client", "traces"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := &config.Config{
				Kafka:     config.Kafka{Brokers: []string{"127.0.0.1:1"}, Prefix: "none."},
				Graph:     config.Graph{URL: "http://127.0.0.1:1", Version: "v25.0", Timeout: time.Second},
				Datasets:  map[string]config.Dataset{"hats": datasetConfig("111", tokenFile(t, "", rightToken))},
				Forwarder: config.Forwarder{Admin: "127.0.0.1:0"},
				Telemetry: config.Telemetry{OTLPEndpoint: "http://127.0.0.1:1"},
			}
			tt.change(cfg)
			start := func(ctx context.Context, d lifecycle.Deps) error { return app.Run(ctx, cfg, d) }
			lifecycletest.FailedStart(t, start, tt.says, tt.closed)
		})
	}
}
