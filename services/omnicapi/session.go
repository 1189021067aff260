package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/pkg/visible"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
)

// pingWithin bounds how long a command waits for Kafka's first answer.
const pingWithin = 10 * time.Second

// configFlags say which configuration a command uses: a file, or that of the `omnicapi up` of a data folder.
type configFlags struct {
	Config string `short:"c" placeholder:"FILE" complete:"file" help:"The configuration; else $$OMNICAPI_CONFIG, else ./omnicapi.yaml."`
	Data   string `placeholder:"DIR" complete:"file" help:"Data folder of a running omnicapi up; by default data beside the configuration."`
}

// hint returns the command line that runs another command with the same configuration.
func (f configFlags) hint(t terminal, words string) string {
	hint := t.self() + " " + words
	if f.Config != "" {
		hint += " -c " + quoted(f.Config)
	}
	if f.Data != "" {
		hint += " --data " + quoted(f.Data)
	}
	return hint
}

// outputFlags choose between output for people and JSON for programs.
type outputFlags struct {
	Output string `enum:"table,json" default:"table" help:"table for people, json for programs: one object a line."`
}

func (o outputFlags) json() bool { return o.Output == "json" }

// load reads the configuration for a command. If no file is named or found, it reads the one that `omnicapi up` wrote into
// the data folder. Without configured brokers, or with --data, Kafka is the broker of the `omnicapi up` that runs there.
func (f configFlags) load(t terminal) (*config.Config, error) {
	file, data := f.Config, f.Data
	if file == "" && (data != "" || config.Find("", t.environ) == "") {
		folder := data
		if folder == "" {
			folder = local.DefaultData
		}
		if own := local.SampleFile(folder); exists(own) {
			file, data = own, folder
		}
	}
	cfg, warnings, err := config.Load(file, t.environ, config.RoleCommand)
	if err != nil {
		return nil, wrongConfig(config.Find(file, t.environ), err)
	}
	for _, w := range warnings {
		t.warn("omnicapi: %s", w)
	}
	if len(cfg.Kafka.Brokers) > 0 && f.Data == "" {
		return cfg, nil
	}
	if data == "" {
		data = filepath.Join(cfg.Dir, local.DefaultData)
	}
	addr, err := broker.AddrIn(data)
	switch {
	case errors.Is(err, broker.ErrNotRunning) && f.Data == "":
		return cfg, nil // send needs no broker
	case err != nil:
		return nil, err
	}
	cfg.Kafka.Brokers, cfg.Kafka.SASL, cfg.Kafka.TLS = []string{addr}, broker.LoginTo(data), config.KafkaTLS{}
	return cfg, nil
}

func wrongConfig(file string, err error) error {
	if file == "" {
		return err
	}
	return fmt.Errorf("the configuration %s is wrong:\n%w", file, err)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// session is a command's configuration and its connection to Kafka.
type session struct {
	cfg   *config.Config
	names topic.Names
	*stream.Client
}

// open connects to the configured Kafka, else to the broker of a running `omnicapi up`.
func (f configFlags) open(ctx context.Context, t terminal) (*session, error) {
	cfg, err := f.load(t)
	if err != nil {
		return nil, err
	}
	if len(cfg.Kafka.Brokers) == 0 {
		return nil, fmt.Errorf("no kafka: name kafka.brokers in the configuration, or start %s and give its folder with --data", configFlags{Config: f.Config}.hint(t, "up"))
	}
	sc, err := stream.ConfigOf(cfg.Kafka, "omnicapi")
	if err != nil {
		return nil, err
	}
	client, err := stream.Open(sc, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	if err := client.Ping(within); err != nil {
		client.Close()
		return nil, err
	}
	return &session{cfg: cfg, names: topic.Names{Prefix: cfg.Kafka.Prefix}, Client: client}, nil
}

// printJSON prints a value as JSON on one line.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(visible.Writer(w))
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("printing JSON: %w", err)
	}
	return nil
}
