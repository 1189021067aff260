// Package app wires the forwarder: configuration → stream client → one consumer, lane and poster a dataset. The forwarder
// command and `omnicapi up` run it. It refuses to keep anything outside of Run: two of them fit into one process.
package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/loss"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/suppression"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// drain is what a rebalance or a stop waits for posts that are out; with the rest of the stop it fits StopWithin.
const drain = 8 * time.Second

// Run runs the forwarder until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	parts := lifecycle.New(d.Log)
	if err := wire(ctx, cfg, d, parts); err != nil {
		return parts.Abort(ctx, err)
	}
	return parts.Run(ctx)
}

// wire opens the parts, each adds its stop at once: the reverse order is that of the stop.
func wire(ctx context.Context, cfg *config.Config, d lifecycle.Deps, parts *lifecycle.Group) error {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	datasets := slices.Sorted(maps.Keys(cfg.Datasets))
	reg := admin.NewRegistry(cfg.Hash)
	tracer, stopTracer, err := telemetry.Tracer(ctx, "forwarder", cfg.Telemetry.OTLPEndpoint)
	if err != nil {
		return fmt.Errorf("starting traces: %w", err)
	}
	parts.OnStop("traces", stopTracer)
	kafka, err := stream.ConfigOf(cfg.Kafka, "omnicapi-forwarder")
	if err != nil {
		return fmt.Errorf("reading the kafka configuration: %w", err)
	}
	client, err := stream.Open(kafka, d.Log, reg)
	if err != nil {
		return fmt.Errorf("opening the kafka client: %w", err)
	}
	parts.OnStop("kafka client", func(context.Context) error { client.Close(); return nil })
	producer := client.NewProducer(stream.ProducerConfig{})
	parts.OnStop("producer", producer.Close)

	suppressions := suppression.NewReader(client, names.Suppressions(), reg, d.Log)
	metrics := lane.NewMetrics(reg, datasets)
	losses := loss.Recorder{Publisher: producer, Names: names, Stage: fault.Forwarder, Now: time.Now}
	lanes := make([]func(context.Context) error, 0, len(datasets))
	checks := make([]admin.Check, 0, 2*len(datasets)+1)
	for _, dataset := range datasets {
		poster, err := openPoster(dataset, cfg)
		if err != nil {
			return err
		}
		parts.OnStop("poster of "+dataset, func(context.Context) error { poster.Close(); return nil })
		l := lane.New(laneConfig(dataset, cfg.Datasets[dataset], names, poster.Credentials, suppressions.List),
			poster, producer, metrics, tracer, d.Log)
		consumer := client.NewConsumer(groupConfig(dataset, cfg.Datasets[dataset], names, losses), work(l))
		checks = append(checks,
			admin.Check{Name: "consumer." + dataset, Fn: consumer.Ready},
			admin.Check{Name: "fates." + dataset, Fn: func() error { return fates(l.Ready(), client.Trouble()) }})
		lanes = append(lanes, consumer.Run)
	}

	checks = append(checks, admin.Check{Name: suppression.Check, Fn: suppressions.Ready})
	operators := admin.New("forwarder", cfg.Forwarder.Admin, reg, d.Level, d.Log, admin.WithDisk(d, checks...)...)
	if err := operators.With(cfg.Operators, cfg.Forwarder.Metrics); err != nil {
		return err
	}
	if err := operators.Start(); err != nil {
		return fmt.Errorf("starting the admin server: %w", err)
	}
	parts.OnStop("admin server", operators.Stop)
	operators.Announce(d)
	parts.Go("secrets", config.WatchSecrets(d.Log, cfg.SecretFiles(config.RoleForwarder), config.KeepsSecret, admin.UnusableSecrets(reg)))
	parts.Go("suppressions", suppressions.Run)
	parts.Go("lanes", suppressions.Then(lifecycle.Together(lanes...)))
	parts.OnStop("readiness off", func(context.Context) error { operators.Drain(); return nil })
	return nil
}

// fates is what is wrong with writing fates: the lane's last write, or Kafka itself, which a lane without events does not notice.
func fates(lane, kafka error) error {
	if lane == nil && kafka != nil {
		return fmt.Errorf("fates cannot be written: %w", kafka)
	}
	return lane
}
