// Command audience keeps a list of the hashed e-mail addresses of everybody who bought something, one a line, for an
// audience store to take. It reads a dataset's signals; docs/add-a-consumer.md walks through it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/pipeline"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

type options struct{ config, dataset, list, admin string }

func main() {
	var o options
	flag.StringVar(&o.config, "c", "", "configuration `file`; else $OMNICAPI_CONFIG, else ./omnicapi.yaml")
	flag.StringVar(&o.dataset, "dataset", "shop", "`name` of the dataset whose signals are read")
	flag.StringVar(&o.list, "list", "audience.txt", "`file` of the list")
	flag.StringVar(&o.admin, "admin", "127.0.0.1:9090", "`address` of the operators' port; 0: any free one")
	flag.Parse()
	os.Exit(run(o))
}

func run(o options) (exit int) {
	log, level := telemetry.Logger(os.Stderr, "audience")
	cfg, err := configuration(o)
	if err != nil {
		log.Error("the configuration is wrong", "error", err)
		return lifecycle.ExitUsage
	}
	ctx, stop := lifecycle.Signals(context.Background()) // ends with SIGTERM or SIGINT
	defer stop()
	if err := consume(ctx, o, cfg, log, level); err != nil {
		log.Error("ended", "error", err)
		return lifecycle.ExitFailed
	}
	return lifecycle.ExitDone
}

func configuration(o options) (*config.Config, error) {
	cfg, _, err := config.Load(o.config, os.Environ(), config.RoleCommand)
	if err != nil {
		return nil, err
	}
	if _, known := cfg.Datasets[o.dataset]; !known {
		return nil, fmt.Errorf("datasets.%s is missing", o.dataset)
	}
	if len(cfg.Kafka.Brokers) == 0 { // then `omnicapi up` runs one, and its data folder says where
		data := filepath.Join(cfg.Dir, "data")
		addr, err := broker.AddrIn(data)
		if err != nil {
			return nil, err
		}
		cfg.Kafka.Brokers, cfg.Kafka.SASL = []string{addr}, broker.LoginTo(data)
	}
	return cfg, nil
}

func consume(ctx context.Context, o options, cfg *config.Config, log *slog.Logger, level *slog.LevelVar) (err error) {
	list, err := openList(o.list)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, list.close()) }()
	kafka, err := stream.ConfigOf(cfg.Kafka, "audience")
	if err != nil {
		return fmt.Errorf("reading the kafka configuration: %w", err)
	}
	reg, names := admin.NewRegistry(cfg.Hash), topic.Names{Prefix: cfg.Kafka.Prefix}
	client, err := stream.Open(kafka, log, reg)
	if err != nil {
		return fmt.Errorf("opening the kafka client: %w", err)
	}
	defer client.Close()
	consumer, err := pipeline.New(pipeline.Config{
		Name:   "audience", // the group is omnicapi.audience.signals.shop
		Topics: []string{names.Signals(o.dataset)}, Names: names,
		Client: client, Log: log, Registry: reg,
	}, purchases(list))
	if err != nil {
		return err
	}
	operators := admin.New("audience", o.admin, reg, level, log, admin.Check{Name: "consumer", Fn: consumer.Ready})
	if err := operators.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, operators.Stop(context.WithoutCancel(ctx))) }()
	log.Info("reading", "topic", names.Signals(o.dataset), "list", o.list, "admin", operators.Addr())
	return consumer.Run(ctx)
}
