// Package source is the sources of the configuration as ingest uses them: each with its account, where its raw events
// go, its mapping file and its rate. Package app loads them at the start; httpapi looks among them for every request, and
// accept stores for one. It refuses to start with a secret or mapping file that cannot be read.
package source

import (
	"fmt"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/taken"
)

// Source is one configured sender.
type Source struct {
	auth.Account
	Channel          string
	Format           string
	Topic            string           // where its raw events go
	Mapping          *mapfile.Mapping // nil: its format needs none
	Taken            *taken.Memory    // of its signed requests; nil: its format signs none
	MaxUnproven      PerRequest       // of senders that prove nothing
	proven, unproven *bucket          // nil: no limit
}

// open makes a source of its configuration: it opens its secrets and its mapping file.
func open(name string, cfg *config.Config) (*Source, error) {
	c := cfg.Sources[name]
	format := all.Named(c.Format)
	if format == nil {
		return nil, fmt.Errorf("format %q is not known", c.Format)
	}
	account, err := auth.NewAccount(name, c, cfg.Datasets[c.Dataset].ID, format.Browser, cfg.Ingest.SecretGrace)
	if err != nil {
		return nil, err
	}
	account.Shown = format.PageSecret
	if format.Keyless {
		account.Key = ""
	}
	s := &Source{
		Account: account, Channel: c.Channel, Format: c.Format,
		Topic: topic.Names{Prefix: cfg.Kafka.Prefix}.Events(c.Channel),
	}
	if format.Signature != nil {
		s.Taken = &taken.Memory{}
	}
	if format.Mapping && c.Mapping != "" {
		if s.Mapping, err = mapfile.Load(c.Mapping); err != nil {
			return nil, fmt.Errorf("loading mapping: %w", err)
		}
	}
	s.Limit(c.Rate.EventsPerSecond, c.Rate.Burst)
	unproven := c.Unproven
	if format.TurnsOff { // its sender is not to be refused for coming often
		unproven.EventsPerSecond = 0
	}
	s.LimitUnproven(unproven)
	return s, nil
}
