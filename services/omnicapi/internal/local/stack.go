// Package local runs the whole pipeline in one process, with an embedded broker and the sandbox in place of what the
// configuration leaves out. The commands up and demo use it. It refuses to let a rehearsal be mistaken for the real
// thing: every start that does not send to Meta says so.
package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// DefaultData is the data folder's name, beside the configuration.
const DefaultData = "data"

// applyWithin bounds the wait for Kafka at the start.
const applyWithin = time.Minute

// Apps are the functions that run the services.
type Apps struct {
	Ingest, Normalizer, Forwarder, Sandbox lifecycle.Run
}

// Stack is what runs in the one process: the services, and the broker and the sandbox if they are needed.
type Stack struct {
	Config *config.Config
	Data   string // folder of the embedded broker
	Sync   bool   // fsync each write of the embedded broker
	Apps   Apps
	Log    *slog.Logger
	Level  *slog.LevelVar
}

// Run runs everything until ctx ends. started may be nil; it is called once per listener with its name and address, the
// embedded broker's ("broker") among them.
func (s *Stack) Run(ctx context.Context, started func(name, addr string)) (err error) {
	if started == nil {
		started = func(string, string) {}
	}
	cfg := *s.Config
	group := lifecycle.New(s.Log)
	var disk func() error
	if len(cfg.Kafka.Brokers) == 0 {
		b, err := broker.Start(broker.Options{Dir: s.Data, Sync: s.Sync, Log: s.Log, Retention: int64(s.Config.Kafka.Retention)})
		if err != nil {
			return err
		}
		group.OnStop("broker", func(context.Context) error { return b.Close() })
		disk = b.Err
		cfg.Kafka.Brokers, cfg.Kafka.SASL, cfg.Kafka.TLS = []string{b.Addr()}, broker.LoginTo(s.Data), config.KafkaTLS{}
		started("broker", b.Addr())
	}
	if err := s.applyTopics(ctx, &cfg); err != nil {
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if disk != nil { // the cause may be its
			err = errors.Join(err, disk())
		}
		_ = group.Run(stopped) // stops the broker; the cause is err
		return err
	}
	deps := func(name string) lifecycle.Deps {
		return lifecycle.Deps{Log: s.Log.With("part", name), Level: s.Level, Started: started, Disk: disk}
	}
	graph := func(context.Context) (*config.Config, bool) { return &cfg, true }
	if cfg.Graph.URL == "" {
		s.Log.Warn("THE SANDBOX STANDS IN FOR META: nothing reaches Meta; set graph.url to deliver for real")
		graph = s.withSandbox(group, &cfg, deps("sandbox"))
	}
	group.Go("forwarder", withGraph(graph, s.Apps.Forwarder, deps("forwarder")))
	group.Go("normalizer", withGraph(graph, s.Apps.Normalizer, deps("normalizer")))
	group.Go("ingest", func(ctx context.Context) error { return s.Apps.Ingest(ctx, &cfg, deps("ingest")) })
	return group.Run(ctx)
}

// withSandbox adds the sandbox to the group. The function that it returns waits until the sandbox listens and returns the
// configuration with the sandbox's address as graph.url; false if ctx ended before.
func (s *Stack) withSandbox(group *lifecycle.Group, cfg *config.Config, own lifecycle.Deps) func(context.Context) (*config.Config, bool) {
	listening, to := make(chan struct{}), *cfg
	started := own.Started
	own.Started = func(name, addr string) {
		if name == "sandbox" {
			to.Graph.URL = URL(addr)
			close(listening)
		}
		started(name, addr)
	}
	group.Go("sandbox", func(ctx context.Context) error { return s.Apps.Sandbox(ctx, cfg, own) })
	return func(ctx context.Context) (*config.Config, bool) {
		select {
		case <-listening:
			return &to, true
		case <-ctx.Done():
			return nil, false
		}
	}
}

// withGraph makes an app that calls Meta's Graph API, or the sandbox, start once graph returns its configuration.
func withGraph(graph func(context.Context) (*config.Config, bool), run lifecycle.Run, deps lifecycle.Deps) func(context.Context) error {
	return func(ctx context.Context) error {
		cfg, ok := graph(ctx)
		if !ok {
			return nil
		}
		return run(ctx, cfg, deps)
	}
}

// URL returns the URL by which this machine reaches a listener's address.
func URL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (s *Stack) applyTopics(ctx context.Context, cfg *config.Config) error {
	sc, err := stream.ConfigOf(cfg.Kafka, "omnicapi")
	if err != nil {
		return err
	}
	client, err := stream.Open(sc, s.Log, nil)
	if err != nil {
		return err
	}
	defer client.Close()
	within, cancel := context.WithTimeout(ctx, applyWithin)
	defer cancel()
	specs := topic.Bounded(topic.Names{Prefix: cfg.Kafka.Prefix}.Specs(slices.Collect(maps.Keys(cfg.Datasets)), cfg.Kafka.Partitions, cfg.Kafka.Replication), int64(cfg.Kafka.Retention))
	if _, err := client.Apply(within, specs, false); err != nil {
		return fmt.Errorf("applying the topics: %w", err)
	}
	return nil
}
