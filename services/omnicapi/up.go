package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	forwarder "github.com/omnicapi/omnicapi/services/forwarder/app"
	ingest "github.com/omnicapi/omnicapi/services/ingest/app"
	normalizer "github.com/omnicapi/omnicapi/services/normalizer/app"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
	sandbox "github.com/omnicapi/omnicapi/services/sandbox/app"
)

// apps are the services that up and demo run; a test may replace them.
var apps = local.Apps{Ingest: ingest.Run, Normalizer: normalizer.Run, Forwarder: forwarder.Run, Sandbox: sandbox.Run}

type upCommand struct {
	Config string `short:"c" placeholder:"FILE" complete:"file" help:"The configuration; else $$OMNICAPI_CONFIG, else ./omnicapi.yaml, else the demo's."`
	Data   string `placeholder:"DIR" complete:"file" help:"Folder of the embedded broker's log and address; by default data beside the configuration."`
}

func (upCommand) Help() string {
	return `It runs what the configuration leaves out: without kafka.brokers an embedded broker on disk, without graph.url the
sandbox in Meta's place. Other commands find the broker through the data folder.

Examples:
  omnicapi config init && omnicapi up
  omnicapi up -c omnicapi.yaml --data /var/lib/omnicapi`
}

func (c *upCommand) Run(ctx context.Context, t terminal) error {
	closeFiles()
	log, level := telemetry.Logger(t.stderr, "omnicapi")
	file, data := config.Find(c.Config, t.environ), c.Data
	if file == "" {
		if data == "" {
			data = local.DefaultData
		}
		var err error
		if file, err = local.WriteSample(data); err != nil {
			return fmt.Errorf("%w (--data names the folder)", err)
		}
		log.Warn("no configuration: running the demo's, on this machine only", "file", file, "to write your own", t.self()+" config init")
	}
	cfg, warnings, err := config.Load(file, t.environ, config.RoleLocal)
	if err == nil {
		err = config.CheckMappings(cfg)
	}
	if err != nil {
		return wrongConfig(file, err)
	}
	for _, w := range warnings {
		log.Warn("configuration", "warning", w)
	}
	if data == "" {
		data = filepath.Join(cfg.Dir, local.DefaultData)
	}
	stack := local.Stack{Config: cfg, Data: data, Sync: true, Apps: apps, Log: log, Level: level}
	err = stack.Run(ctx, func(name, addr string) { log.Info("listening", "name", name, "addr", addr) })
	switch {
	case errors.Is(err, context.Canceled):
		return nil
	case errors.Is(err, broker.ErrUnwritable), errors.Is(err, broker.ErrInUse), errors.Is(err, broker.ErrDamaged):
		return fmt.Errorf("%w (--data names the folder)", err)
	}
	return err
}
