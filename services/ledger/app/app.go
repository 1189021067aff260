// Package app wires the ledger: configuration → index on disk → readers of outcomes and dead letters → the operators' port with the API.
// The ledger's own main runs it. It touches no producer: it reads, and nothing waits for it.
package app

import (
	"context"
	"fmt"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/ledger/internal/api"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index/disk"
	"github.com/omnicapi/omnicapi/services/ledger/internal/reader"
)

// Run runs the ledger until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	parts := lifecycle.New(d.Log)
	if err := wire(cfg, d, parts); err != nil { //nolint:contextcheck // the listener ends by its stop
		return parts.Abort(ctx, err)
	}
	return parts.Run(ctx)
}

// wire opens the parts, each adds its stop at once: the reverse order is that of the stop.
func wire(cfg *config.Config, d lifecycle.Deps, parts *lifecycle.Group) error {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	reg := admin.NewRegistry(cfg.Hash)
	store, err := disk.Open(disk.Options{Dir: cfg.Ledger.Dir, Log: d.Log})
	if err != nil {
		return err
	}
	parts.OnStop("index", func(context.Context) error { return store.Close() })
	kafka, err := stream.ConfigOf(cfg.Kafka, "omnicapi-ledger")
	if err != nil {
		return fmt.Errorf("reading the kafka configuration: %w", err)
	}
	client, err := stream.Open(kafka, d.Log, reg)
	if err != nil {
		return fmt.Errorf("opening the kafka client: %w", err)
	}
	parts.OnStop("kafka client", func(context.Context) error { client.Close(); return nil })

	metrics := reader.NewMetrics(reg, store)
	outcomes := reader.New(client, index.Outcomes, names.Outcomes(), store, metrics, d.Log)
	letters := reader.New(client, index.Letters, names.DeadLetters(), store, metrics, d.Log)
	metrics.Watch(reg, outcomes, letters)

	operators := admin.New("ledger", cfg.Ledger.Admin, reg, d.Level, d.Log,
		admin.Check{Name: "store", Fn: store.Err}, admin.Check{Name: "outcomes", Fn: outcomes.Ready}, admin.Check{Name: "deadletters", Fn: letters.Ready})
	if err := operators.With(cfg.Operators, cfg.Ledger.Metrics); err != nil {
		return err
	}
	operators.Mount(api.Path, api.New(api.Options{
		Store: store, Names: names, Retention: cfg.Ledger.Retention, Outcomes: outcomes.Progress, Letters: letters.Progress,
		Dataset: func(source string) string { return cfg.Sources[source].Dataset }, Log: d.Log,
	}))
	if err := operators.Start(); err != nil {
		return fmt.Errorf("starting the admin server: %w", err)
	}
	parts.OnStop("admin server", operators.Stop)
	operators.Announce(d)
	parts.Go("secrets", config.WatchSecrets(d.Log, cfg.SecretFiles(config.RoleLedger), config.KeepsSecret, admin.UnusableSecrets(reg)))
	parts.Go("expiry", reader.Expire(store, cfg.Ledger.Retention, d.Log))
	parts.Go("readers", reader.Together(store, outcomes, letters))
	parts.OnStop("readiness off", func(context.Context) error { operators.Drain(); return nil })
	return nil
}
