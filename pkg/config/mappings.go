package config

import (
	"maps"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// CheckMappings reads the mapping files of a configuration's sources and says all that is wrong with them, as Problems. Load
// does not, so that a process without sources starts without them: ingest, the normalizer, `omnicapi up` and `omnicapi
// config check` do it next.
func CheckMappings(cfg *Config) error {
	var problems Problems
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		s := cfg.Sources[name]
		if s.Mapping == "" {
			continue
		}
		m, err := mapfile.Load(s.Mapping)
		what := ""
		switch {
		case err != nil:
			what = err.Error()
		case m.JSON() != (s.Format == "json"):
			what = s.Mapping + ": names paths for a table, or columns for JSON: the format is " + s.Format
		default:
			continue
		}
		problems = append(problems, Problem{Path: "sources." + name + ".mapping", What: what})
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}
