package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// How often Kafka is checked while no request proves that it takes writes, how long a check may take, and how old the last
// result may be.
const (
	checkEvery = 2 * time.Second
	checkLimit = 3 * time.Second
	maxAge     = 10 * time.Second
	// unproven is how long events that Kafka did not take tell that it takes none, when no other write is tried.
	unproven = 30 * time.Second
)

// readiness says whether Kafka takes writes: a request that was stored proves it, else the topics are looked at. Once a write
// has failed, only one that succeeds proves it: the producer goes on trying those that senders no longer wait for.
type readiness struct {
	check    func(ctx context.Context) error
	acceptor writes
	producer producer
	last     atomic.Pointer[checkResult]
}

// writes is what is known of the requests' writes, producer of all.
type (
	writes interface {
		LastGood() time.Time
		LastBad() time.Time
	}
	producer interface {
		LastWritten() time.Time
		Pending() int64
	}
)

// checkResult is what the last check said, and when it began.
type checkResult struct {
	at  time.Time
	err error
}

var errNotChecked = errors.New("kafka has not answered yet")

func newReadiness(client *stream.Client, cfg *config.Config, acceptor writes, p producer) *readiness {
	topics := rawTopics(cfg)
	r := &readiness{acceptor: acceptor, producer: p, check: func(ctx context.Context) error { return client.Writable(ctx, topics) }}
	r.last.Store(&checkResult{err: errNotChecked})
	return r
}

// rawTopics are the raw topics that the configured sources write to. That they have the configured shape is for `omnicapi topics
// check` to say: events can be written to them either way.
func rawTopics(cfg *config.Config) []string {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	used := map[string]bool{}
	for _, s := range cfg.Sources {
		used[names.Events(s.Channel)] = true
	}
	return slices.Sorted(maps.Keys(used))
}

// Run checks until ctx ends.
func (r *readiness) Run(ctx context.Context) error {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		r.update(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (r *readiness) update(ctx context.Context) {
	if good := r.acceptor.LastGood(); time.Since(good) < checkEvery && good.After(r.acceptor.LastBad()) {
		r.last.Store(&checkResult{at: good})
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	started := time.Now()
	err := r.check(ctx)
	r.last.Store(&checkResult{at: started, err: err})
}

// Err is nil while Kafka takes writes, as far as is known.
func (r *readiness) Err() error {
	v := r.last.Load()
	bad := r.acceptor.LastBad()
	failing := bad.After(r.acceptor.LastGood()) && bad.After(r.producer.LastWritten())
	switch {
	case v.err != nil:
		return v.err
	case failing && (r.producer.Pending() > 0 || time.Since(bad) < unproven):
		return errors.New("kafka did not take the last events")
	case time.Since(v.at) > maxAge:
		return errors.New("kafka has not answered for a while")
	}
	return nil
}
