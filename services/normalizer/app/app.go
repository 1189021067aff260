// Package app wires the normalizer: one consumer for each raw topic, one producer, the operators' port. The service's
// main and `omnicapi up` run it. It refuses globals: everything comes in by Config and Deps.
package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// service is the process's name in groups, client ids, traces and logs.
const service = "normalizer"

// Run runs the normalizer until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	reg := admin.NewRegistry(cfg.Hash)

	sources, err := handle.NewSources(cfg, names)
	if err != nil {
		return fmt.Errorf("preparing the sources: %w", err)
	}
	tracer, stopTracer, err := telemetry.Tracer(ctx, service, cfg.Telemetry.OTLPEndpoint)
	if err != nil {
		return fmt.Errorf("preparing the tracer: %w", err)
	}
	kafka, err := stream.ConfigOf(cfg.Kafka, "omnicapi-"+service)
	if err != nil {
		return fmt.Errorf("reading the kafka configuration: %w", err)
	}
	client, err := stream.Open(kafka, d.Log, reg)
	if err != nil {
		return fmt.Errorf("opening the kafka client: %w", err)
	}

	producer := client.NewProducer(stream.ProducerConfig{})
	handler := handle.New(sources, enrich.New(), time.Now, d.Log)
	metrics := handle.NewMetrics(reg, sources)
	closeLookups, err := lookups(cfg, sources, metrics, d.Log)
	if err != nil {
		client.Close()
		return errors.Join(err, producer.Close(ctx), stopTracer(ctx))
	}
	worker := handle.NewWorker(handler, producer, names, metrics, tracer, time.Now, d.Log)
	consumers := make([]*stream.Consumer, 0, len(topic.Channels))
	checks := make([]admin.Check, 0, len(topic.Channels))
	for _, channel := range topic.Channels {
		events := names.Events(channel)
		c := client.NewConsumer(stream.GroupConfig{Group: names.Group(service, events), Topics: []string{events}}, worker.Work)
		consumers = append(consumers, c)
		checks = append(checks, admin.Check{Name: events, Fn: c.Ready})
	}
	server := admin.New(service, cfg.Normalizer.Admin, reg, d.Level, d.Log, checks...)
	if err := server.Start(); err != nil {
		client.Close()
		return errors.Join(fmt.Errorf("starting the admin server: %w", err), producer.Close(ctx), stopTracer(ctx))
	}
	if d.Started != nil {
		d.Started("normalizer admin", server.Addr())
	}

	parts := lifecycle.New(d.Log)
	parts.OnStop("tracer", stopTracer)
	parts.OnStop("kafka client", func(context.Context) error { client.Close(); return nil })
	parts.OnStop("producer", producer.Close)
	parts.OnStop("lookups", func(context.Context) error { closeLookups(); return nil })
	parts.OnStop("admin server", server.Stop)
	for i, c := range consumers {
		parts.Go("consumer of "+checks[i].Name, c.Run)
	}
	parts.OnStop("readiness", func(context.Context) error { server.Drain(); return nil })
	return parts.Run(ctx)
}
