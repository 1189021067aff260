package app

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/spool"
)

// drainRetry is how long the drain's producer tries a batch: until then one that Kafka does not answer is not written twice.
const drainRetry = 30 * time.Second

// wireSpool opens the spool that the configuration names, and starts its drain; nil: it names none. The drain has a producer of its
// own: requests that fill theirs do not hold it up, and at a stop nobody waits for what is on the disk.
func wireSpool(cfg *config.Config, d lifecycle.Deps, parts *lifecycle.Group, reg prometheus.Registerer, client *stream.Client, requests *stream.Producer, a *accept.Acceptor) (*spool.Spool, error) {
	if cfg.Ingest.Spool.Dir == "" {
		return nil, nil
	}
	if !anyComesOnce(cfg) {
		d.Log.Warn("ingest.spool.dir is set, and no source is of a format whose senders never repeat: it stays empty")
	}
	s, err := spool.Open(spool.Options{
		Dir: cfg.Ingest.Spool.Dir, Size: int64(cfg.Ingest.Spool.Size), Prefix: cfg.Kafka.Prefix, Log: d.Log, Registry: reg,
	})
	if err != nil {
		return nil, fmt.Errorf("opening ingest.spool: %w", err)
	}
	parts.OnStop("spool", s.Close)
	drain := client.NewProducer(stream.ProducerConfig{RetryFor: drainRetry})
	parts.OnStop("spool producer", func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		_ = drain.Close(ctx) // what it gives up is in the spool
		return nil
	})
	parts.Go("spool drain", func(ctx context.Context) error { return s.Drain(ctx, client, drain) })
	written := func() time.Time {
		if at := drain.LastWritten(); at.After(requests.LastWritten()) {
			return at
		}
		return requests.LastWritten()
	}
	a.SpoolTo(s, written, client.Trouble)
	return s, nil
}

// anyComesOnce says whether a spool has anything to do.
func anyComesOnce(cfg *config.Config) bool {
	for _, s := range cfg.Sources {
		f := all.Named(s.Format)
		if f == nil {
			continue
		}
		if f.NoRetry {
			return true
		}
		for i := range f.Routes {
			if f.NoRetryAt(&f.Routes[i]) {
				return true
			}
		}
	}
	return false
}

// checks are what /readyz asks. While a spool takes events, an ingest without Kafka is ready: a load balancer that passes it by
// would lose what the spool is for.
func checks(cfg *config.Config, kafka func() error, s *spool.Spool) []admin.Check {
	if s == nil {
		return []admin.Check{{Name: "kafka", Fn: kafka}}
	}
	useful := anyComesOnce(cfg)
	return []admin.Check{
		{Name: "kafka", Fn: func() error {
			err := kafka()
			if err != nil && useful && s.Err() == nil {
				return admin.Bearable(fmt.Errorf("%w; what comes once is spooled", err))
			}
			return err
		}},
		{Name: "spool", Fn: func() error { return admin.Bearable(s.Err()) }},
	}
}
