// Package app wires the forwarder: configuration → stream client → one consumer, lane and poster a dataset. The forwarder
// command and `omnicapi up` run it. It refuses to keep anything outside of Run: two of them fit into one process.
package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
	"golang.org/x/sync/errgroup"
)

// drain is what a rebalance or a stop waits for posts that are out; with the rest of the stop it fits StopWithin.
const drain = 8 * time.Second

// Run runs the forwarder until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	reg := admin.NewRegistry(cfg.Hash)
	tracer, stopTracer, err := telemetry.Tracer(ctx, "forwarder", cfg.Telemetry.OTLPEndpoint)
	if err != nil {
		return fmt.Errorf("starting traces: %w", err)
	}
	streamConfig, err := stream.ConfigOf(cfg.Kafka, "omnicapi-forwarder")
	if err != nil {
		return fmt.Errorf("reading the kafka configuration: %w", err)
	}
	posters, err := openPosters(cfg)
	if err != nil {
		return err
	}
	client, err := stream.Open(streamConfig, d.Log, reg)
	if err != nil {
		return fmt.Errorf("opening the stream client: %w", err)
	}
	producer := client.NewProducer(stream.ProducerConfig{})
	metrics := lane.NewMetrics(reg, slices.Sorted(maps.Keys(cfg.Datasets)))
	names := topic.Names{Prefix: cfg.Kafka.Prefix}

	var lanes []func(context.Context) error
	var checks []admin.Check
	for _, dataset := range slices.Sorted(maps.Keys(cfg.Datasets)) {
		poster := posters[dataset]
		l := lane.New(laneConfig(dataset, cfg.Datasets[dataset], names, poster.Credentials),
			poster, producer, metrics, tracer, d.Log)
		consumer := client.NewConsumer(groupConfig(dataset, cfg.Datasets[dataset], names), work(l))
		checks = append(checks,
			admin.Check{Name: "consumer." + dataset, Fn: consumer.Ready},
			admin.Check{Name: "fates." + dataset, Fn: l.Ready})
		lanes = append(lanes, func(ctx context.Context) error {
			defer poster.Close()
			return consumer.Run(ctx)
		})
	}

	group := lifecycle.New(d.Log)
	operators := admin.New("forwarder", cfg.Forwarder.Admin, reg, d.Level, d.Log, checks...)
	if err := operators.Start(); err != nil {
		err = errors.Join(fmt.Errorf("starting the admin server: %w", err), producer.Close(ctx), stopTracer(ctx))
		client.Close()
		return err
	}
	group.OnStop("admin", operators.Stop)
	group.OnStop("traces", stopTracer)
	group.OnStop("kafka", func(context.Context) error { client.Close(); return nil })
	group.OnStop("producer", producer.Close)
	group.Go("lanes", together(lanes))
	group.OnStop("readiness off", func(context.Context) error { operators.Drain(); return nil })
	if d.Started != nil {
		d.Started("forwarder admin", operators.Addr())
	}
	return group.Run(ctx)
}

// together runs the lanes side by side: they share the time of a stop, too.
func together(lanes []func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		for _, run := range lanes {
			g.Go(func() error { return run(ctx) })
		}
		<-ctx.Done() // also without any dataset
		return g.Wait()
	}
}
