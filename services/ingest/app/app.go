// Package app wires ingest: configuration → sources → stream client → producer → spool → HTTP. The ingest command and `omnicapi
// up` run it. It refuses to keep anything outside of Run: two of them fit into one process.
package app

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/certificate"
	"github.com/omnicapi/omnicapi/services/ingest/internal/httpapi"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// Run runs ingest until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	parts := lifecycle.New(d.Log)
	if err := wire(ctx, cfg, d, parts); err != nil {
		return parts.Abort(ctx, err)
	}
	return parts.Run(ctx)
}

// wire opens the parts, each adds its stop at once: the reverse order is that of the stop.
func wire(ctx context.Context, cfg *config.Config, d lifecycle.Deps, parts *lifecycle.Group) error {
	sources, err := source.Load(cfg)
	if err != nil {
		return err
	}
	reg := admin.NewRegistry(cfg.Hash)
	tracer, stopTracer, err := telemetry.Tracer(ctx, "ingest", cfg.Telemetry.OTLPEndpoint)
	if err != nil {
		return fmt.Errorf("starting traces: %w", err)
	}
	parts.OnStop("traces", stopTracer)
	kafka, err := stream.ConfigOf(cfg.Kafka, "omnicapi-ingest")
	if err != nil {
		return fmt.Errorf("reading the kafka configuration: %w", err)
	}
	client, err := stream.Open(kafka, d.Log, reg)
	if err != nil {
		return fmt.Errorf("opening the kafka client: %w", err)
	}
	parts.OnStop("kafka client", func(context.Context) error { client.Close(); return nil })
	producer := client.NewProducer(stream.ProducerConfig{MaxPending: int64(cfg.Ingest.MaxPending), Reserved: int64(cfg.Ingest.MaxPending) / 2})
	parts.OnStop("producer", producer.Close)

	acceptor := accept.New(producer, cfg.Ingest.Deadline, d.Log)
	spooled, err := wireSpool(cfg, d, parts, reg, client, producer, acceptor)
	if err != nil {
		return err
	}
	certificates, err := certificate.Open(cfg.Ingest.TLS, d.Log)
	if err != nil {
		return err
	}
	api, err := httpapi.New(httpapi.Options{
		Config: cfg.Ingest, Sources: sources, Acceptor: acceptor, Tracer: tracer, Log: d.Log, Registry: reg, Certificate: certificates.Names,
		Waiting: func() (proven, unproven int64) {
			unproven = producer.PendingThatYield()
			return producer.Pending() - unproven, unproven
		},
	})
	if err != nil {
		return err
	}
	ready := newReadiness(client, cfg, acceptor, producer)

	operators := admin.New("ingest", cfg.Ingest.Admin, reg, d.Level, d.Log, admin.WithDisk(d, checks(cfg, ready.Err, spooled)...)...)
	if err := operators.With(cfg.Operators, cfg.Ingest.Metrics); err != nil {
		return err
	}
	if err := operators.Start(); err != nil {
		return fmt.Errorf("starting the admin server: %w", err)
	}
	parts.OnStop("admin server", operators.Stop)
	operators.Announce(d)
	parts.Go("readiness", ready.Run)
	unusable := admin.UnusableSecrets(reg)
	parts.Go("secrets", config.WatchSecrets(d.Log, cfg.SecretFiles(config.RoleIngest), config.RefusesSecret,
		func(n int) { unusable(n + certificates.Unusable()) }))
	if certificates != nil {
		parts.Go("certificates", certificates.Run)
		reg.MustRegister(certificateExpires(certificates))
	}
	listener, err := lifecycle.Listen(ctx, "ingest.listen", cfg.Ingest.Listen)
	if err != nil {
		return err
	}
	parts.Go("http", lifecycle.Serve(api.Server(), certificates.Over(api.Listen(listener)), nil))
	parts.OnStop("readiness off", func(context.Context) error { operators.Drain(); return nil })
	d.Announce("ingest", listener.Addr().String())
	return nil
}

func certificateExpires(f *certificate.Files) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "omnicapi_ingest_certificate_expires_seconds",
		Help: "When the certificate by which ingest serves HTTPS expires, or one of its chain before: Unix time.",
	}, func() float64 { return float64(f.Expires().Unix()) })
}
