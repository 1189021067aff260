package main

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
)

type configCommand struct {
	Init  configInit  `cmd:"" help:"Write a commented configuration and the secret files it names."`
	Check configCheck `cmd:"" help:"Say all that is wrong with a configuration, by path and line."`
}

type configInit struct {
	File string `arg:"" optional:"" default:"omnicapi.yaml" complete:"file" help:"The file to write; an existing one is kept."`
}

func (configInit) Help() string { return "Example:\n  omnicapi config init && omnicapi up" }

func (c *configInit) Run(t terminal) error {
	wrote, err := local.Init(c.File)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s is there already: name another file, %s config init OTHER.yaml", c.File, t.self())
	}
	if err != nil {
		return err
	}
	t.say("wrote %s", strings.Join(wrote, ", "))
	var written configFlags
	if c.File != "omnicapi.yaml" {
		written.Config = c.File
	}
	t.say("next: %s, then %s; senders present what is in %s", written.hint(t, "config check"), written.hint(t, "up"),
		filepath.Join(filepath.Dir(c.File), "secrets/website.key"))
	return nil
}

type configCheck struct {
	Config string `short:"c" placeholder:"FILE" complete:"file" help:"The configuration; else $$OMNICAPI_CONFIG, else ./omnicapi.yaml."`
	Role   string `enum:"auto,all,local,ingest,normalizer,forwarder,ledger,sandbox,command" default:"auto" help:"Whose part must be complete: ${enum}. auto: local when brokers are left out, which only up runs, else all."`
}

func (configCheck) Help() string {
	return "Examples:\n  omnicapi config check -c omnicapi.yaml\n  omnicapi config check --role ingest"
}

func (c *configCheck) Run(t terminal) error {
	role := config.Role(c.Role)
	cfg, warnings, err := config.Load(c.Config, t.environ, roleOr(role, config.RoleLocal))
	if err == nil && c.Role == "auto" && len(cfg.Kafka.Brokers) > 0 {
		cfg, warnings, err = config.Load(c.Config, t.environ, config.RoleAll)
	}
	for _, w := range warnings {
		t.warn("warning: %s", w)
	}
	if err == nil {
		err = config.CheckMappings(cfg)
	}
	if err == nil {
		for _, doubt := range config.MappingDoubts(cfg) {
			t.warn("warning: %s", doubt)
		}
	}
	if err != nil {
		return wrongConfig(config.Find(c.Config, t.environ), err)
	}
	t.say("%s is good: %d datasets, %d sources, hash %s", cfg.File, len(cfg.Datasets), len(cfg.Sources), cfg.Hash)
	up := configFlags{Config: c.Config}.hint(t, "up")
	if len(cfg.Kafka.Brokers) == 0 {
		t.say("note: kafka.brokers is left out: only %s runs it, on one machine with an embedded broker", up)
	}
	if cfg.Graph.URL == "" {
		t.say("note: graph.url is left out: only %s runs it, with the sandbox in Meta's place", up)
	}
	return nil
}

func roleOr(role, otherwise config.Role) config.Role {
	if role == "auto" {
		return otherwise
	}
	return role
}
