package app

import (
	"fmt"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/loss"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/suppression"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/graph"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// openPoster reads a dataset's secrets; it has a connection pool of its own, so that one slow dataset takes none of
// another's.
func openPoster(name string, cfg *config.Config) (*graph.Poster, error) {
	ds := cfg.Datasets[name]
	token, err := config.OpenSecret(ds.TokenFile)
	if err != nil {
		return nil, fmt.Errorf("opening the token of dataset %s: %w", name, err)
	}
	var appSecret *config.Secret
	if ds.AppSecretFile != "" {
		if appSecret, err = config.OpenSecret(ds.AppSecretFile); err != nil {
			return nil, fmt.Errorf("opening the app secret of dataset %s: %w", name, err)
		}
	}
	poster, err := graph.New(graph.Config{
		URL: cfg.Graph.URL, Version: cfg.Graph.Version, DatasetID: ds.ID, Timeout: cfg.Graph.Timeout,
		InFlight: ds.InFlight, Token: token, AppSecret: appSecret,
	})
	if err != nil {
		return nil, fmt.Errorf("making the poster of dataset %s: %w", name, err)
	}
	return poster, nil
}

func laneConfig(name string, ds config.Dataset, names topic.Names, credentials func() uint64, suppressed *suppression.List) lane.Config {
	return lane.Config{
		Dataset: name,
		Limits: batch.Limits{
			Events: min(ds.Batch.Events, capi.MaxEvents), Bytes: int(ds.Batch.Bytes), Linger: ds.Batch.Linger,
		},
		InFlight: ds.InFlight, Dedup: ds.Dedup, Deadline: ds.Deadline, TestEventCode: ds.TestEventCode,
		Outcomes: names.Outcomes(), DeadLetters: names.DeadLetters(), Credentials: credentials, Suppressed: suppressed,
	}
}

// groupConfig gives each dataset's topic a consumer group of its own: a missing topic or a rebalance holds up no other dataset.
func groupConfig(name string, ds config.Dataset, names topic.Names, losses loss.Recorder) stream.GroupConfig {
	signals := names.Signals(name)
	return stream.GroupConfig{
		Group:  names.Group("forwarder", signals),
		Topics: []string{signals}, Lookback: ds.Dedup, Drain: drain,
		Whole: true, Lost: losses.Record,
	}
}
