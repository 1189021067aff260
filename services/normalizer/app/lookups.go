package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// lookups sets up the lookup of leads for every source that has a page's token. It adds to parts the stops that close
// its idle connections.
func lookups(cfg *config.Config, sources *handle.Sources, m *handle.Metrics, log *slog.Logger, parts *lifecycle.Group) error {
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		file := cfg.Sources[name].TokenFile
		if file == "" {
			continue
		}
		token, err := config.OpenSecret(file)
		if err != nil {
			return fmt.Errorf("preparing the lookups of source %s: %w", name, err)
		}
		graph := enrich.NewLeadGraph(cfg.Graph, token, nil)
		parts.OnStop("lookups of "+name, func(context.Context) error { graph.Close(); return nil })
		sources.SetLeads(name, enrich.NewLeads(graph, log.With("source", name), m.Lookups(name)))
	}
	return nil
}
