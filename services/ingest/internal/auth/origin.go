package auth

import (
	"slices"
	"strings"
)

// normalOrigin writes an origin as browsers send it.
func normalOrigin(o string) string { return strings.ToLower(strings.TrimSuffix(o, "/")) }

// AllowsOrigin says whether pages of the origin may post. Only whole origins are equal, not one that begins or ends like
// an allowed one; "null", which sandboxed frames and local files send, is never allowed.
func (a *Account) AllowsOrigin(origin string) bool {
	return origin != "" && origin != "null" && slices.Contains(a.Origins, origin)
}

// AnyAllowsOrigin says so of a route's candidates, before one of them is found: a preflight names neither key nor secret.
func AnyAllowsOrigin[H Holder](candidates []H, origin string) bool {
	return slices.ContainsFunc(candidates, func(h H) bool { return h.account().Browser && h.account().AllowsOrigin(origin) })
}
