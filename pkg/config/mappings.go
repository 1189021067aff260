package config

import (
	"errors"
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
		path := "sources." + name + ".mapping"
		m, err := mapfile.Load(s.Mapping)
		var wrong mapfile.Problems
		switch {
		case errors.As(err, &wrong):
			for _, one := range wrong {
				problems = append(problems, Problem{Path: path, What: s.Mapping + ": " + one.String()})
			}
		case err != nil:
			problems = append(problems, Problem{Path: path, What: err.Error()})
		case m.JSON() != (s.Format == "json"):
			problems = append(problems, Problem{
				Path: path, What: s.Mapping + ": names paths for a table, or columns for JSON: the format is " + s.Format,
			})
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// MappingDoubts are what the mapping files of a configuration's sources may have meant otherwise, a line each. Files that
// CheckMappings refuses have none.
func MappingDoubts(cfg *Config) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		file := cfg.Sources[name].Mapping
		if file == "" {
			continue
		}
		m, err := mapfile.Load(file)
		if err != nil {
			continue
		}
		for _, doubt := range m.Doubts() {
			all = append(all, "sources."+name+".mapping: "+file+": "+doubt)
		}
	}
	return all
}
