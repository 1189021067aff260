package source

import (
	"fmt"
	"maps"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// Registry is every source of the configuration.
type Registry struct {
	sources []*Source // in order of their names
	byName  map[string]*Source
}

// Load opens every source. It ends at the first that cannot be opened.
func Load(cfg *config.Config) (*Registry, error) {
	var sources []*Source
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		s, err := open(name, cfg)
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

// All are the sources in order of their names.
func (r *Registry) All() []*Source { return r.sources }

// Named returns the source of a name, nil if there is none.
func (r *Registry) Named(name string) *Source { return r.byName[name] }

// Of returns the sources of a format, in a channel or, for "", in any.
func (r *Registry) Of(format, channel string) Candidates {
	var of Candidates
	for _, s := range r.sources {
		if s.Format == format && (channel == "" || s.Channel == channel) {
			of = append(of, s)
		}
	}
	return of
}
