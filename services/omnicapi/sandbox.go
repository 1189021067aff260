package main

import (
	"context"
	"errors"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	sandbox "github.com/omnicapi/omnicapi/services/sandbox/app"
)

type sandboxCommand struct {
	Config string `short:"c" placeholder:"FILE" complete:"file" help:"The configuration: its datasets and tokens are the right ones; none: any."`
	Listen string `placeholder:"ADDR" help:"Where to listen, like 127.0.0.1:8090, or :8090 for other machines too; 0 picks a free port."`
}

func (sandboxCommand) Help() string {
	return "Examples:\n  omnicapi sandbox --listen 127.0.0.1:8090\n  curl localhost:8090/_sandbox/events"
}

func (c *sandboxCommand) Run(ctx context.Context, t terminal) error {
	cfg, warnings, err := config.Load(c.Config, t.environ, config.RoleSandbox)
	if err != nil {
		return wrongConfig(config.Find(c.Config, t.environ), err)
	}
	if c.Listen != "" {
		cfg.Sandbox.Listen = c.Listen
		if c.Listen == "0" {
			cfg.Sandbox.Listen = "127.0.0.1:0"
		}
		if err := cfg.Validate(config.RoleSandbox); err != nil {
			return usagef("--listen: %w", err)
		}
	}
	log, level := telemetry.Logger(t.stderr, "sandbox")
	for _, w := range warnings {
		log.Warn("configuration", "warning", w)
	}
	started := func(name, addr string) { log.Info("listening", "name", name, "addr", addr) }
	err = sandbox.Run(ctx, cfg, lifecycle.Deps{Log: log, Level: level, Started: started})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
