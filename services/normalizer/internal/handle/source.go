package handle

import (
	"fmt"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/consent"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// source is a configured sender, with all that handling an event needs of it ready.
type source struct {
	name     string
	channel  string
	header   []byte // ce_source
	topic    string // of its dataset's signals; "": the dataset is not configured
	policy   consent.Policy
	limited  consent.Limited
	defaults enrich.Defaults
	sources  [][]byte          // action_sources that its configuration allows beside its own
	maxValue float64           // of an unproven sender's event; 0: by the currency; below: any
	events   map[string][]byte // Meta's names for the sender's; nil: such events are dropped
	rows     *mapfile.Mapping
	zone     *time.Location
	currency string
	country  string // by which phones, states and zips are read, if the event names none
	leads    *enrich.Leads
	patience time.Duration // how long after its arrival an event waits for a lookup
}

// Sources are all configured ones.
type Sources struct{ byName map[string]*source }

// NewSources prepares the configuration's sources; it reads their mapping files.
func NewSources(cfg *config.Config, names topic.Names) (*Sources, error) {
	all := &Sources{byName: make(map[string]*source, len(cfg.Sources))}
	for name, c := range cfg.Sources {
		s, err := newSource(name, c, cfg, names)
		if err != nil {
			return nil, fmt.Errorf("preparing source %s: %w", name, err)
		}
		all.byName[name] = s
	}
	return all, nil
}

func newSource(name string, c config.Source, cfg *config.Config, names topic.Names) (*source, error) {
	s := &source{
		name: name, channel: c.Channel,
		header:   []byte("/channels/" + c.Channel + "/" + name),
		policy:   consent.Policy{DenyUnknown: c.Consent.Unknown == "deny"},
		defaults: newDefaults(c),
		maxValue: c.MaxValue,
		events:   make(map[string][]byte, len(c.Events)),
		zone:     time.UTC,
		currency: strings.ToUpper(c.Defaults.Currency),
		country:  identity.CountryCode([]byte(c.Defaults.Country)),
	}
	if d, ok := cfg.Datasets[c.Dataset]; ok {
		s.topic = names.Signals(c.Dataset)
		s.limited = consent.NewLimited(d.LimitedDataUse)
		s.patience = patience(d.Deadline)
	}
	for _, a := range c.ActionSources {
		s.sources = append(s.sources, []byte(a))
	}
	for from, to := range c.Events {
		if strings.EqualFold(to, "drop") {
			s.events[from] = nil
		} else {
			s.events[from] = []byte(to)
		}
	}
	var err error
	if c.Defaults.Timezone != "" {
		if s.zone, err = time.LoadLocation(c.Defaults.Timezone); err != nil {
			return nil, fmt.Errorf("reading the time zone: %w", err)
		}
	}
	if c.Mapping != "" {
		if s.rows, err = mapfile.Load(c.Mapping); err != nil {
			return nil, fmt.Errorf("reading the mapping file: %w", err)
		}
		if s.country == "" {
			s.country = s.rows.Country()
		}
	}
	return s, nil
}

func newDefaults(c config.Source) enrich.Defaults {
	d := enrich.Defaults{
		ActionSource: []byte(c.Defaults.ActionSource),
		Explicit:     c.Defaults.ActionSource != "",
		Currency:     []byte(c.Defaults.Currency),
		SourceURL:    []byte(c.Defaults.EventSourceURL),
	}
	if !d.Explicit {
		d.ActionSource = []byte(channelActionSource(c.Channel))
	}
	if c.Channel == "whatsapp" {
		d.Messaging = []byte("whatsapp")
	}
	return d
}

// channelActionSource is the action_source of a channel's events, unless something more specific says it.
func channelActionSource(channel string) string {
	switch channel {
	case "app":
		return "app"
	case "whatsapp":
		return "business_messaging"
	case "store":
		return "physical_store"
	case "crm":
		return "system_generated"
	default: // website, cdp, platform, tagmanager
		return "website"
	}
}
