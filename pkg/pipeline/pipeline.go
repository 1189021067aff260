// Package pipeline wraps a handler of records, in one fixed order, with dead letters, retries, metrics and recovery
// from panics. Developers who add a consumer use it (docs/add-a-consumer.md walks through it). It refuses to skip a
// record: if the handler returns nil, the record's effects are durable; a *fault.Error makes it a dead letter; after
// any other error it is tried again.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/deadletter"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Handler handles one record. If it returns nil, the record's effects are durable and the offset may move. A
// *fault.Error (fault.New) means that the record can never be handled: it becomes a dead letter. After any other error
// the record is tried again, after a pause. Records of one partition come one after the other, those of several
// partitions at the same time. The record is valid until the handler returns. A record may come again after a crash, so
// handlers must be idempotent.
type Handler func(ctx context.Context, r *stream.Record) error

// Config of a consumer. Client, Topics, Name and Log are required.
type Config struct {
	Name   string         // [a-z0-9-]: the group is <prefix><name>.<topic>, and the stage of its dead letters
	Topics []string       // of Names
	Names  topic.Names    // where dead letters go
	Client *stream.Client // the process's
	Log    *slog.Logger
	// Registry takes the metrics; nil: none.
	Registry prometheus.Registerer
	// GiveUp is how long one record is tried before it is dead-lettered (failed); 0: until it succeeds.
	GiveUp time.Duration
	// Backoff bounds the pauses between two tries: full jitter up to Min, doubled to Max. Zero: 100 ms to 30 s.
	Backoff Backoff
}

var goodName = regexp.MustCompile(`^[a-z0-9-]+$`)

func (c *Config) validate() error {
	var errs []error
	if !goodName.MatchString(c.Name) {
		errs = append(errs, errors.New("name is to be of a-z, 0-9 and -"))
	}
	if len(c.Topics) == 0 {
		errs = append(errs, errors.New("topics are missing"))
	}
	if c.Client == nil {
		errs = append(errs, errors.New("client is missing"))
	}
	if c.Log == nil {
		errs = append(errs, errors.New("log is missing"))
	}
	if c.GiveUp < 0 {
		errs = append(errs, errors.New("give-up time is negative"))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("checking the consumer: %w", err)
	}
	return nil
}

// Pipeline is a consumer around a handler.
type Pipeline struct {
	consumers []*stream.Consumer
	producer  *stream.Producer
	letters   *letters
}

// New wires a consumer; Run starts it. One consumer group a topic: a missing topic or a rebalance holds up no other.
func New(cfg Config, h Handler) (*Pipeline, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	m, err := newMetrics(cfg.Name, cfg.Registry)
	if err != nil {
		return nil, err
	}
	producer := cfg.Client.NewProducer(stream.ProducerConfig{})
	to := deadletter.Publisher{Next: producer, Topic: cfg.Names.DeadLetters(), Log: cfg.Log}
	l := &letters{stage: fault.Stage(cfg.Name), topic: to.Topic, publisher: to, metrics: m, now: time.Now}
	around := chain(h, l, retry{pauses: cfg.Backoff.pauses(), giveUp: cfg.GiveUp, log: cfg.Log}, m)
	p := &Pipeline{producer: producer, letters: l}
	for _, name := range cfg.Topics {
		group := stream.GroupConfig{Group: cfg.Names.Group(cfg.Name, name), Topics: []string{name}}
		p.consumers = append(p.consumers, cfg.Client.NewConsumer(group, work(fault.Stage(cfg.Name), around)))
	}
	return p, nil
}

// chain wraps the handler, outermost first: letters writes a dead letter when retry gives up, retry tries again what
// failed, metrics counts each try, and recovered turns a panic into an error that metrics and retry see.
func chain(h Handler, l *letters, r retry, m *metrics) Handler {
	return l.around(r.around(m.around(recovered(h))))
}

// Run consumes until ctx ends, then drains and returns nil. It returns an error only if trying again can't help.
func (p *Pipeline) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, len(p.consumers))
	var wg sync.WaitGroup
	for i, c := range p.consumers {
		wg.Go(func() {
			defer cancel() // one that ends ends them all
			errs[i] = c.Run(ctx)
		})
	}
	wg.Wait()
	flushing, stop := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer stop()
	return errors.Join(append(errs, p.producer.Close(flushing))...)
}

const closeWithin = 2 * time.Second

// Ready returns nil while all topics are consumed and dead letters can be written. It is made for admin.Check.
func (p *Pipeline) Ready() error {
	var errs []error
	for _, c := range p.consumers {
		errs = append(errs, c.Ready())
	}
	return errors.Join(append(errs, p.letters.ready())...)
}
