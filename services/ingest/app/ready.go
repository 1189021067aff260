package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
)

// How often Kafka is asked while no request proves that it takes writes, how long an answer may take, and how old the
// last proof may be.
const (
	askEvery   = 2 * time.Second
	askWithin  = 3 * time.Second
	freshUntil = 10 * time.Second
)

// readiness says whether Kafka takes writes: a request that was stored proves it, else the topics are looked at.
type readiness struct {
	check    func(ctx context.Context) error
	acceptor *accept.Acceptor
	verdict  atomic.Pointer[verdict]
}

type verdict struct {
	at  time.Time
	err error
}

var errNotAsked = errors.New("kafka has not answered yet")

func newReadiness(client *stream.Client, cfg *config.Config, acceptor *accept.Acceptor) *readiness {
	specs := rawTopics(cfg)
	r := &readiness{acceptor: acceptor, check: func(ctx context.Context) error { return checkTopics(ctx, client, specs) }}
	r.verdict.Store(&verdict{err: errNotAsked})
	return r
}

// rawTopics are those that the configured sources write.
func rawTopics(cfg *config.Config) []topic.Spec {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	var used []string
	for _, s := range cfg.Sources {
		used = append(used, names.Events(s.Channel))
	}
	all := names.Specs(nil, cfg.Kafka.Partitions, cfg.Kafka.Replication)
	return slices.DeleteFunc(all, func(s topic.Spec) bool { return !slices.Contains(used, s.Name) })
}

// checkTopics asks the cluster for the topics; a missing one is waited for. Its shape is `omnicapi topics check`'s
// business: events can be written to it.
func checkTopics(ctx context.Context, client *stream.Client, specs []topic.Spec) error {
	changes, err := client.Check(ctx, specs)
	if err != nil {
		return fmt.Errorf("asking kafka for the topics: %w", err)
	}
	for _, c := range changes {
		if !c.Exists {
			return fmt.Errorf("topic %s does not exist: run omnicapi topics apply", c.Spec.Name)
		}
	}
	return nil
}

// Run asks until ctx ends.
func (r *readiness) Run(ctx context.Context) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		r.ask(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (r *readiness) ask(ctx context.Context) {
	if good := r.acceptor.LastGood(); time.Since(good) < askEvery && good.After(r.acceptor.LastBad()) {
		r.verdict.Store(&verdict{at: good})
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	started := time.Now()
	err := r.check(ctx)
	r.verdict.Store(&verdict{at: started, err: err})
}

// Err is nil while Kafka takes writes, as far as is known.
func (r *readiness) Err() error {
	v := r.verdict.Load()
	bad := r.acceptor.LastBad()
	switch {
	case v.err != nil:
		return v.err
	case bad.After(v.at) && bad.After(r.acceptor.LastGood()):
		return errors.New("kafka did not take the last events")
	case time.Since(v.at) > freshUntil:
		return errors.New("kafka has not answered for a while")
	}
	return nil
}
