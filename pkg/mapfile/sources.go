package mapfile

import (
	"maps"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// CheckSources reads the mapping files of a configuration's sources and says all that is wrong with them, as
// config.Problems. config.Load does not, so that the forwarder needs no reader of spreadsheets: ingest, the normalizer,
// `omnicapi up` and `omnicapi config check` do it next.
func CheckSources(cfg *config.Config) error {
	var problems config.Problems
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		s := cfg.Sources[name]
		if s.Mapping == "" {
			continue
		}
		m, err := Load(s.Mapping)
		what := ""
		switch {
		case err != nil:
			what = err.Error()
		case m.JSON() != (s.Format == "json"):
			what = s.Mapping + ": names paths for a table, or columns for JSON: the format is " + s.Format
		default:
			continue
		}
		problems = append(problems, config.Problem{Path: "sources." + name + ".mapping", What: what})
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}
