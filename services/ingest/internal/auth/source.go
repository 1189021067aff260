package auth

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Source is one configured sender, ready to be asked.
type Source struct {
	Name      string
	Channel   string
	Format    string
	Key       string // how the sender names itself; "" does not
	DatasetID string // Meta's id of the dataset its events go to
	Topic     string // where its raw events go
	Browser   bool   // pages post it: origins count
	Open      bool   // auth: none
	Origins   []string
	Secrets   *Ring
	Verify    *Ring            // what a sender that verifies the endpoint presents
	PublicURL string           // what the sender calls us, "" as the request says
	Mapping   *mapfile.Mapping // csv, xlsx
	limiter   *rate.Limiter    // nil: no limit
}

// Registry is every source of the configuration.
type Registry struct {
	sources []*Source // by name
	byName  map[string]*Source
}

// Load makes the registry: it opens secrets and mapping files and reports everything wrong with them at the first one.
func Load(cfg *config.Config) (*Registry, error) {
	names := topic.Names{Prefix: cfg.Kafka.Prefix}
	var sources []*Source
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		s, err := newSource(name, cfg, names)
		if err != nil {
			return nil, fmt.Errorf("preparing source %s: %w", name, err)
		}
		sources = append(sources, s)
	}
	return NewRegistry(sources...), nil
}

// NewRegistry returns a registry of sources.
func NewRegistry(sources ...*Source) *Registry {
	r := &Registry{sources: sources, byName: make(map[string]*Source, len(sources))}
	for _, s := range sources {
		r.byName[s.Name] = s
	}
	return r
}

func newSource(name string, cfg *config.Config, names topic.Names) (*Source, error) {
	c := cfg.Sources[name]
	format := all.Named(c.Format)
	if format == nil {
		return nil, fmt.Errorf("format %q is not known", c.Format)
	}
	s := &Source{
		Name:      name,
		PublicURL: strings.TrimSuffix(c.PublicURL, "/"),
		Channel:   c.Channel,
		Format:    c.Format,
		Key:       c.Key,
		DatasetID: cfg.Datasets[c.Dataset].ID,
		Topic:     names.Events(c.Channel),
		Browser:   format.Browser,
		Open:      c.Auth == "none",
	}
	for _, o := range c.Origins {
		s.Origins = append(s.Origins, normalOrigin(o))
	}
	var err error
	if s.Secrets, err = openRing(c.Secrets); err != nil {
		return nil, err
	}
	s.Verify = s.Secrets
	if c.VerifyTokenFile != "" {
		if s.Verify, err = openRing([]string{c.VerifyTokenFile}); err != nil {
			return nil, err
		}
	}
	if format.Mapping && c.Mapping != "" {
		if s.Mapping, err = mapfile.Load(c.Mapping); err != nil {
			return nil, fmt.Errorf("loading mapping: %w", err)
		}
	}
	s.Limit(c.Rate.EventsPerSecond, c.Rate.Burst)
	return s, nil
}

// All are the sources in order of their names.
func (r *Registry) All() []*Source { return r.sources }

// Named returns the source of a name, nil if there is none.
func (r *Registry) Named(name string) *Source { return r.byName[name] }

// Of returns the sources of a format; channel "" is any.
func (r *Registry) Of(format, channel string) []*Source {
	var of []*Source
	for _, s := range r.sources {
		if s.Format == format && (channel == "" || s.Channel == channel) {
			of = append(of, s)
		}
	}
	return of
}

// Verifies says whether a token is one by which the source's sender verifies the endpoint.
func (s *Source) Verifies(token string) bool { return token != "" && s.Verify.holds(digestOf(token)) }

// Limit bounds the source's events; perSecond 0 does not. A burst of 0 is one second's worth.
func (s *Source) Limit(perSecond float64, burst int) {
	if perSecond <= 0 {
		return
	}
	if burst <= 0 {
		burst = int(math.Ceil(perSecond))
	}
	s.limiter = rate.NewLimiter(rate.Limit(perSecond), burst)
}

// PerMinute is how many events a minute the source may post for long; 0: no limit.
func (s *Source) PerMinute() int {
	if s.limiter == nil {
		return 0
	}
	return max(int(float64(s.limiter.Limit())*60), 1)
}

// Take takes n events from the source's rate; not ok: come back after wait. A request larger than the burst is let in
// when the bucket is full and leaves a debt, so that the rate holds and no size is refused for ever.
func (s *Source) Take(now time.Time, n int) (wait time.Duration, ok bool) {
	if s.limiter == nil || n == 0 {
		return 0, true
	}
	burst := s.limiter.Burst()
	r := s.limiter.ReserveN(now, min(n, burst))
	if d := r.DelayFrom(now); d > 0 {
		r.CancelAt(now)
		return d, false
	}
	for left := n - burst; left > 0; left -= burst {
		s.limiter.ReserveN(now, min(left, burst))
	}
	return 0, true
}
