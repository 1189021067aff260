package admin

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// private are the ends of names that public DNS gives to nobody: a page cannot have its own name lead here by one of them.
var private = []string{".localhost", ".svc", ".cluster.local", ".internal"}

// isOurs says whether a request may call this host so. A browser that a page has lied to by DNS calls it by the page's name, which
// has a dot and is not ours. Who sends no name at all is no browser.
func (g *Guard) isOurs(host string) bool {
	name := strings.ToLower(host)
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	if _, err := netip.ParseAddr(name); err == nil || !strings.Contains(name, ".") {
		return true
	}
	isEnd := func(end string) bool { return strings.HasSuffix(name, end) }
	return slices.Contains(g.names, name) || slices.ContainsFunc(private, isEnd)
}

// hasForeignOrigin says whether a page of another address makes the request, by its Origin.
func hasForeignOrigin(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		_, host, ok := strings.Cut(origin, "://")
		if !ok || !strings.EqualFold(host, r.Host) { // "null" too
			return true
		}
	}
	return false
}

// isCrossSite says whether a page of another address makes the request, by what browsers say of it. A link that somebody follows
// is such a request, too.
func isCrossSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

// isForwarded says whether a proxy carries the request for somebody else, so that the user who sent it is the proxy's.
func isForwarded(r *http.Request) bool {
	return slices.ContainsFunc([]string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"}, func(name string) bool { return len(r.Header.Values(name)) > 0 })
}
