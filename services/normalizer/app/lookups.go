package app

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// lookups makes the leads of every source that has a page's token be looked up; done gives their connections up.
func lookups(cfg *config.Config, sources *handle.Sources, m *handle.Metrics, log *slog.Logger) (done func(), err error) {
	var graphs []*enrich.LeadGraph
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		file := cfg.Sources[name].TokenFile
		if file == "" {
			continue
		}
		token, err := config.OpenSecret(file)
		if err != nil {
			return nil, fmt.Errorf("preparing the lookups of source %s: %w", name, err)
		}
		graph := enrich.NewLeadGraph(cfg.Graph, token, nil)
		graphs = append(graphs, graph)
		sources.LookUp(name, enrich.NewLeads(graph, log.With("source", name), m.Lookups(name)))
	}
	return func() {
		for _, g := range graphs {
			g.Close()
		}
	}, nil
}
