package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
)

// fateWithin bounds the time from the start of the services until every event has its fate.
const fateWithin = 90 * time.Second

// Demo is one run of the demo.
type Demo struct {
	Folder string // fresh: configuration, secrets and data go there
	Apps   local.Apps
	Log    *slog.Logger
	Level  *slog.LevelVar
	Step   func(text string) // tells a person what happens

	mu    sync.Mutex
	addrs map[string]string
	heard chan struct{} // an address came
}

// listeners are those whose addresses a run needs to know.
var listeners = []string{"broker", "sandbox", "ingest", "ingest admin", "normalizer admin", "forwarder admin"}

// Addr is the URL of a listener ("ingest", "sandbox"), "" before it is known.
func (d *Demo) Addr(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if addr := d.addrs[name]; addr != "" {
		return local.URL(addr)
	}
	return ""
}

// Run starts everything, sends the samples, waits for their fates and calls show with them; then it keeps running until
// stay returns. It returns after all has stopped.
func (d *Demo) Run(ctx context.Context, show func([]Ended) error, stay func(context.Context) error) error {
	cfg, err := d.configure()
	if err != nil {
		return err
	}
	d.addrs, d.heard = map[string]string{}, make(chan struct{}, 2*len(listeners))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stack := local.Stack{Config: cfg, Data: d.data(), Apps: d.Apps, Log: d.Log, Level: d.Level}
	d.Step("starting an embedded Kafka, the services and a sandbox in Meta's place")
	ended := make(chan error, 1)
	go func() { ended <- stack.Run(ctx, d.started) }()
	played := make(chan error, 1)
	go func() { played <- d.play(ctx, cfg, show, stay) }()
	select {
	case err := <-played:
		stop()
		return errors.Join(err, <-ended)
	case err := <-ended: // something did not start, or fell over
		stop()
		<-played //nolint:errcheck // what ended the stack is the error to report
		if err == nil {
			err = ctx.Err()
		}
		return err
	}
}

// data is the embedded broker's folder.
func (d *Demo) data() string { return filepath.Join(d.Folder, local.DefaultData) }

// configure writes the demo's configuration and takes free ports.
func (d *Demo) configure() (*config.Config, error) {
	file, err := local.WriteSample(d.data())
	if err != nil {
		return nil, err
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		return nil, fmt.Errorf("reading the demo's configuration: %w", err)
	}
	if err := addRecorded(cfg, d.Folder); err != nil {
		return nil, err
	}
	const free = "127.0.0.1:0"
	cfg.Ingest.Listen, cfg.Ingest.Admin = free, free
	cfg.Normalizer.Admin, cfg.Forwarder.Admin, cfg.Sandbox.Listen = free, free, free
	return cfg, nil
}

func (d *Demo) started(name, addr string) {
	d.mu.Lock()
	d.addrs[name] = addr
	d.mu.Unlock()
	select {
	case d.heard <- struct{}{}:
	default:
	}
}

// play is what Run does once the pipeline is started.
func (d *Demo) play(ctx context.Context, cfg *config.Config, show func([]Ended) error, stay func(context.Context) error) error {
	within, cancel := context.WithTimeout(ctx, fateWithin)
	defer cancel()
	if err := d.listening(within); err != nil {
		return err
	}
	c := client{&http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{}}}
	defer c.http.CloseIdleConnections()
	for _, name := range listeners[3:] {
		if err := c.ready(within, d.Addr(name)); err != nil {
			return err
		}
	}
	if err := c.refuse(within, d.Addr("sandbox")); err != nil {
		return err
	}
	secret, err := config.OpenSecret(cfg.Sources["store"].Secrets[0])
	if err != nil {
		return err
	}
	events, err := Events()
	if err != nil {
		return err
	}
	d.Step(fmt.Sprintf("sending %d events of %d channels to %s", len(events), len(topic.Channels), d.Addr("ingest")))
	if err := c.send(within, d.Addr("ingest"), secret.Reveal(), time.Now()); err != nil {
		return err
	}
	d.Step("waiting for the fate of each")
	fates, err := d.await(within, cfg, events)
	if err != nil {
		return err
	}
	cancel()
	if err := show(fates); err != nil {
		return err
	}
	return stay(ctx)
}

func (d *Demo) await(ctx context.Context, cfg *config.Config, events []Event) ([]Ended, error) {
	d.mu.Lock()
	kafka := config.Kafka{Brokers: []string{d.addrs["broker"]}, SASL: broker.LoginTo(d.data())}
	d.mu.Unlock()
	sc, err := stream.ConfigOf(kafka, "omnicapi-demo")
	if err != nil {
		return nil, err
	}
	client, err := stream.Open(sc, d.Log, nil)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return await(ctx, client, topic.Names{Prefix: cfg.Kafka.Prefix}.Outcomes(), events)
}

// listening waits until every listener's address is known.
func (d *Demo) listening(ctx context.Context) error {
	for {
		missing := ""
		for _, name := range listeners {
			if d.Addr(name) == "" {
				missing = name
			}
		}
		if missing == "" {
			return nil
		}
		select {
		case <-d.heard:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s to listen: %w", missing, ctx.Err())
		}
	}
}
