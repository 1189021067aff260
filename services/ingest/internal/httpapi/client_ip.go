package httpapi

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
)

// clientIP is the address of the client: the peer's, unless that is a trusted proxy. Then it is the last address of
// X-Forwarded-For that is no trusted proxy: read from the right, since each proxy appends the address it was called from
// and anybody can write what stands to the left of that. What is no address ends the search without a result.
func clientIP(r *http.Request, proxies network.List) netip.Addr {
	peer, ok := parseAddr(r.RemoteAddr)
	if !ok || !proxies.Holds(peer) {
		return peer
	}
	lines := r.Header.Values("X-Forwarded-For")
	for i := len(lines) - 1; i >= 0; i-- {
		for rest := lines[i]; ; {
			cut := strings.LastIndexByte(rest, ',')
			addr, ok := parseAddr(strings.TrimSpace(rest[cut+1:]))
			if !ok {
				return netip.Addr{}
			}
			if !proxies.Holds(addr) {
				return addr
			}
			peer = addr
			if cut < 0 {
				break
			}
			rest = rest[:cut]
		}
	}
	return peer
}

// parseAddr reads an address with or without port and brackets. IPv4 in IPv6 is IPv4, and a zone is left out: one address
// must not become two by how it is written.
func parseAddr(text string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return netip.Addr{}, false
	}
	return addr.Unmap().WithZone(""), true
}
