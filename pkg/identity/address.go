package identity

import (
	"bytes"
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

// mayBePrivate4 has the first bytes of notPublic4: most addresses begin with another.
var mayBePrivate4 = func() (table [256]bool) {
	for _, p := range notPublic4 {
		first := p.Masked().Addr().As4()[0]
		for b := range table {
			if mask := byte(0xFF) << max(8-p.Bits(), 0); byte(b)&mask == first&mask {
				table[b] = true
			}
		}
	}
	return table
}()

var notPublic6 = [...]netip.Prefix{
	netip.MustParsePrefix("::1/128"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fc00::/7"),
	netip.MustParsePrefix("::/128"),
	netip.MustParsePrefix("ff00::/8"), // multicast
}

// appendAddress appends the first public address of a text as it came, with PB's suffix if it has one. An IPv4 address
// written as IPv6 (::ffff:a.b.c.d) is appended as plain IPv4.
func appendAddress(dst, text []byte) ([]byte, Drop) {
	addr, bare, drop := publicAddress(text)
	if drop != Kept {
		return dst, drop
	}
	if addr.Is4In6() {
		return append(addr.Unmap().AppendTo(dst), bare[len(withoutSuffix(bare)):]...), Kept
	}
	return append(dst, bare...), Kept
}

// ChooseIP chooses between the address in PB's cookie _fbi and the address of the request. A public IPv6 address goes
// before a public IPv4 address; of two of one family the cookie's is chosen. The result is the address as it was
// written, without white space, brackets and port around it; nil if neither is public.
func ChooseIP(cookieIP, requestIP []byte) []byte {
	cookie, cookieFamily := publicFamily(cookieIP)
	request, requestFamily := publicFamily(requestIP)
	if cookieFamily >= requestFamily {
		return cookie
	}
	return request
}

// publicFamily returns a public address as it was written and 6 or 4, else 0.
func publicFamily(text []byte) (bare []byte, family int) {
	addr, bare, drop := publicAddress(trim(text))
	switch {
	case drop != Kept:
		return nil, 0
	case addr.Unmap().Is4():
		return bare, 4
	default:
		return bare, 6
	}
}

// longestList bounds the text in which addresses are looked for: proxies, and people's scripts, write one after the other.
const longestList = 1024

// publicAddress finds the first public address of a text: an address alone, with its port, in brackets, or a list of such
// with commas, semicolons or blanks between them, also as JSON. bare is the address as it was written, with PB's suffix.
func publicAddress(text []byte) (addr netip.Addr, bare []byte, drop Drop) {
	if addr, ok := parseAddress(text); ok {
		if isPublic(addr.Unmap()) {
			return addr, text, Kept
		}
		return addr, nil, Private
	}
	drop = Malformed
	if len(text) > longestList {
		return addr, nil, drop
	}
	for len(text) > 0 {
		end := bytes.IndexAny(text, ",; ")
		if end < 0 {
			end = len(text)
		}
		one := bytes.TrimPrefix(bytes.Trim(text[:end], " \t\r\n"), []byte("for=")) // of RFC 7239
		one = withoutPort(bytes.Trim(one, "\""))
		text = text[min(end+1, len(text)):]
		switch addr, ok := parseAddress(one); {
		case !ok:
		case isPublic(addr.Unmap()):
			return addr, one, Kept
		default:
			drop = Private
		}
	}
	return addr, nil, drop
}

// withoutPort cuts brackets and port off an address; those of a JSON list, too.
func withoutPort(text []byte) []byte {
	if len(text) > 0 && text[0] == '[' {
		text = bytes.TrimLeft(text, "[ \"")
		inner, port, _ := cut(text, ']')
		if len(port) == 0 || port[0] == ']' || port[0] == ':' && allDigits(bytes.TrimRight(port[1:], "]\" ")) {
			text = inner
		}
	}
	text = bytes.TrimRight(text, "]\" ")
	if host, port, found := cut(text, ':'); found && allDigits(port) && bytes.IndexByte(host, '.') > 0 {
		return host
	}
	return text
}

// parseAddress reads an address with or without PB's suffix. An address with a zone is local to one machine, so it is
// refused.
func parseAddress(text []byte) (addr netip.Addr, ok bool) {
	if len(text) > longestAddress {
		return netip.Addr{}, false
	}
	bare := withoutSuffix(text)
	if len(bare) == 0 {
		return netip.Addr{}, false
	}
	// The string is used only while ParseAddr runs: an address without a zone keeps no part of it, and the error is
	// discarded.
	addr, err := netip.ParseAddr(unsafe.String(&bare[0], len(bare))) //nolint:gosec // as said above
	return addr, err == nil && addr.Zone() == ""
}

func isPublic(addr netip.Addr) bool {
	ranges := notPublic6[:]
	if addr.Is4() {
		if !mayBePrivate4[addr.As4()[0]] {
			return true
		}
		ranges = notPublic4[:]
	}
	for _, p := range ranges {
		if p.Contains(addr) {
			return false
		}
	}
	return true
}
