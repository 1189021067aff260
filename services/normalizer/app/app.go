// Package app wires the normalizer: one consumer for each raw topic, one producer, the operators' port. The service's
// main and `omnicapi up` run it. It refuses globals: everything comes in by Config and Deps.
package app

import (
	"context"
	"fmt"
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
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// service is the process's name in groups, client ids, traces and logs.
const service = "normalizer"

// Run runs the normalizer until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	parts := lifecycle.New(d.Log)
	if err := wire(ctx, cfg, d, parts); err != nil {
		return parts.Abort(ctx, err)
	}
	return parts.Run(ctx)
}

// wire opens the parts. Each adds its stop as soon as it is open, so that they stop in the reverse order.
func wire(ctx context.Context, cfg *config.Config, d lifecycle.Deps, parts *lifecycle.Group) error {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	sources, err := handle.NewSources(cfg, names)
	if err != nil {
		return fmt.Errorf("preparing the sources: %w", err)
	}
	reg := admin.NewRegistry(cfg.Hash)
	tracer, stopTracer, err := telemetry.Tracer(ctx, service, cfg.Telemetry.OTLPEndpoint)
	if err != nil {
		return fmt.Errorf("starting traces: %w", err)
	}
	parts.OnStop("traces", stopTracer)
	kafka, err := stream.ConfigOf(cfg.Kafka, "omnicapi-"+service)
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
	handler := handle.New(sources, time.Now, d.Log)
	handler.Suppress(suppressions.List)
	metrics := handle.NewMetrics(reg, sources)
	if err := lookups(cfg, sources, metrics, d.Log, parts); err != nil {
		return err
	}
	worker := handle.NewWorker(handler, producer, names, metrics, tracer, time.Now, d.Log)
	losses := loss.Recorder{Publisher: producer, Names: names, Stage: fault.Normalizer, Now: time.Now}
	consumers := make([]func(context.Context) error, 0, len(topic.Channels))
	checks := make([]admin.Check, 0, len(topic.Channels)+1)
	for _, channel := range topic.Channels {
		events := names.Events(channel)
		c := client.NewConsumer(stream.GroupConfig{
			Group: names.Group(service, events), Topics: []string{events}, Whole: true, Lost: losses.Record,
		}, worker.Work)
		consumers = append(consumers, c.Run)
		checks = append(checks, admin.Check{Name: events, Fn: c.Ready})
	}

	checks = append(checks, admin.Check{Name: suppression.Check, Fn: suppressions.Ready})
	operators := admin.New(service, cfg.Normalizer.Admin, reg, d.Level, d.Log, admin.WithDisk(d, checks...)...)
	if err := operators.With(cfg.Operators, cfg.Normalizer.Metrics); err != nil {
		return err
	}
	if err := operators.Start(); err != nil {
		return fmt.Errorf("starting the admin server: %w", err)
	}
	parts.OnStop("admin server", operators.Stop)
	operators.Announce(d)
	parts.Go("secrets", config.WatchSecrets(d.Log, cfg.SecretFiles(config.RoleNormalizer), config.KeepsSecret, admin.UnusableSecrets(reg)))
	parts.Go("suppressions", suppressions.Run)
	parts.Go("consumers", suppressions.Then(lifecycle.Together(consumers...)))
	parts.OnStop("readiness off", func(context.Context) error { operators.Drain(); return nil })
	return nil
}
