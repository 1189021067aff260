package identity

import (
	"net/netip"
	"unsafe"
)

// longestAddress bounds the text that is parsed: the longest IPv6 address with PB's suffix.
const longestAddress = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255") + len(".AQQCAQMC")

// notPublic4 and notPublic6 are the ranges of addresses that no host on the internet has: PB's list, then the ranges
// that PB misses. The ranges for documentation are left out, because rehearsals use them.
var notPublic4 = [...]netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),  // protocol assignments
	netip.MustParsePrefix("198.18.0.0/15"), // benchmarks
	netip.MustParsePrefix("224.0.0.0/4"),   // multicast
	netip.MustParsePrefix("240.0.0.0/4"),   // reserved and broadcast
}

var notPublic6 = [...]netip.Prefix{
	netip.MustParsePrefix("::1/128"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fc00::/7"),
	netip.MustParsePrefix("::/128"),
	netip.MustParsePrefix("ff00::/8"), // multicast
}

// appendAddress appends a public address as it came, with PB's suffix if it has one. An IPv4 address written as IPv6
// (::ffff:a.b.c.d) is appended as plain IPv4.
func appendAddress(dst, text []byte) ([]byte, Drop) {
	addr, suffix, ok := parseAddress(text)
	switch {
	case !ok:
		return dst, Malformed
	case !isPublic(addr.Unmap()):
		return dst, Private
	case addr.Is4In6():
		return append(addr.Unmap().AppendTo(dst), suffix...), Kept
	default:
		return append(dst, text...), Kept
	}
}

// ChooseIP chooses between the address in PB's cookie _fbi and the address of the request. A public IPv6 address goes
// before a public IPv4 address; of two of one family the cookie's is chosen. The result is the address as it was
// written, without white space around it; nil if neither is public.
func ChooseIP(cookieIP, requestIP []byte) []byte {
	cookie, request := trim(cookieIP), trim(requestIP)
	cookieFamily, requestFamily := publicFamily(cookie), publicFamily(request)
	if cookieFamily == 0 && requestFamily == 0 {
		return nil
	}
	if cookieFamily >= requestFamily {
		return cookie
	}
	return request
}

// publicFamily returns 6 or 4 for a public address, else 0.
func publicFamily(text []byte) int {
	addr, _, ok := parseAddress(text)
	addr = addr.Unmap()
	switch {
	case !ok || !isPublic(addr):
		return 0
	case addr.Is4():
		return 4
	default:
		return 6
	}
}

// parseAddress reads an address with or without PB's suffix. An address with a zone is local to one machine, so it is
// refused.
func parseAddress(text []byte) (addr netip.Addr, suffix []byte, ok bool) {
	if len(text) > longestAddress {
		return netip.Addr{}, nil, false
	}
	bare := withoutSuffix(text)
	if len(bare) == 0 {
		return netip.Addr{}, nil, false
	}
	// The string is used only while ParseAddr runs: an address without a zone keeps no part of it, and the error is
	// discarded.
	addr, err := netip.ParseAddr(unsafe.String(&bare[0], len(bare))) //nolint:gosec // as said above
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}, nil, false
	}
	return addr, text[len(bare):], true
}

func isPublic(addr netip.Addr) bool {
	ranges := notPublic6[:]
	if addr.Is4() {
		ranges = notPublic4[:]
	}
	for _, p := range ranges {
		if p.Contains(addr) {
			return false
		}
	}
	return true
}
