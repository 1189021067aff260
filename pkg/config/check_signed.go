package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/format/all"
)

// MostTried is how many secrets a signed request is tried against where its key leaves several: each costs an HMAC over its whole
// body. Where there are more, it is tried against none (ADR 42).
const MostTried = 16

// signed warns of sources whose keys do not tell them apart well enough for signed requests at their format's route.
func (c *checker) signed(sources map[string]Source) {
	type group struct{ format, key string }
	secrets := map[group]int{}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		s := sources[name]
		f := all.Named(s.Format)
		if f == nil || f.Signature == nil {
			continue
		}
		g := group{f.Name, s.Key}
		if f.Keyless {
			g.key = ""
		}
		before := secrets[g]
		if secrets[g] += len(s.Secrets); before <= MostTried && secrets[g] > MostTried {
			c.warnings = append(c.warnings, fmt.Sprintf("sources.%s: no key tells it from other sources of %s, which have more than %d secrets together: their requests are taken at /v1/sources/NAME alone", name, f.Name, MostTried))
		}
	}
}
