package app_test

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/forwarder/app"
)

// TestFailedStartClosesWhatItOpened: wherever a start fails, all that was open is closed, the last first, and no goroutine
// is left. It is not parallel: others' goroutines would be taken for its own.
func TestFailedStartClosesWhatItOpened(t *testing.T) { //nolint:paralleltest // as said
	taken := takenPort(t)
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
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			cfg := &config.Config{
				Kafka:     config.Kafka{Brokers: []string{"127.0.0.1:1"}, Prefix: "none."},
				Graph:     config.Graph{URL: "http://127.0.0.1:1", Version: "v25.0", Timeout: time.Second},
				Datasets:  map[string]config.Dataset{"hats": datasetConfig("111", tokenFile(t, "", rightToken))},
				Forwarder: config.Forwarder{Admin: "127.0.0.1:0"},
				Telemetry: config.Telemetry{OTLPEndpoint: "http://127.0.0.1:1"},
			}
			tt.change(cfg)
			trail := &stopTrail{Handler: slog.DiscardHandler}
			err := app.Run(t.Context(), cfg, lifecycle.Deps{Log: slog.New(trail), Level: new(slog.LevelVar)})
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v does not say %s", err, tt.says)
			}
			if !slices.Equal(trail.parts, tt.closed) {
				t.Errorf("closed %v, want %v", trail.parts, tt.closed)
			}
		})
	}
}

// stopTrail is a log's handler that keeps the names of the parts that stopped.
type stopTrail struct {
	slog.Handler
	parts []string
}

func (s *stopTrail) Enabled(context.Context, slog.Level) bool { return true }

func (s *stopTrail) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if r.Message == "stopped" && a.Key == "part" {
			s.parts = append(s.parts, a.Value.String())
		}
		return true
	})
	return nil
}

// takenPort is an address that nobody else can listen on.
func takenPort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}
