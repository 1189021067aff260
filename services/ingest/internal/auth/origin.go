package auth

import (
	"slices"
	"strings"
)

// normalOrigin writes an origin as browsers send it.
func normalOrigin(o string) string { return strings.ToLower(strings.TrimSuffix(o, "/")) }

// AllowsOrigin says whether pages of the origin may post to the source. It compares whole origins: a suffix or prefix of
// one is another, and "null" (a sandboxed frame, a file) is nobody's.
func (s *Source) AllowsOrigin(origin string) bool {
	return origin != "" && origin != "null" && slices.Contains(s.Origins, origin)
}

// AnyAllowsOrigin says so for a route, before its source is known: a preflight names neither key nor secret.
func AnyAllowsOrigin(sources []*Source, origin string) bool {
	return slices.ContainsFunc(sources, func(s *Source) bool { return s.Browser && s.AllowsOrigin(origin) })
}
