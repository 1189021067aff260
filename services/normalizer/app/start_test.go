package app_test

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/normalizer/app"
)

// TestFailedStartClosesWhatItOpened: wherever a start fails, all that was open is closed, the last first, and no goroutine
// is left.
func TestFailedStartClosesWhatItOpened(t *testing.T) {
	taken := takenPort(t)
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
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			cfg := &config.Config{
				Kafka:      config.Kafka{Brokers: []string{"127.0.0.1:1"}, Prefix: "none."},
				Graph:      config.Graph{URL: "http://127.0.0.1:1", Version: "v25.0", Timeout: time.Second},
				Datasets:   map[string]config.Dataset{"shop": {ID: "1"}},
				Sources:    map[string]config.Source{"a": leads(token)},
				Normalizer: config.Normalizer{Admin: "127.0.0.1:0"},
				Telemetry:  config.Telemetry{OTLPEndpoint: "http://127.0.0.1:1"},
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
