package identity

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// AppendFbcOf is AppendFbc with the subdomain index of page, the page that the click led to, as PB builds it.
func AppendFbcOf(dst, page, fbclid []byte, ms int64) []byte {
	if !isFbclid(fbclid) || ms < 0 {
		return dst
	}
	dst = append(dst, "fb."...)
	dst = strconv.AppendInt(dst, int64(SubdomainIndex(page)), 10)
	dst = append(dst, '.')
	dst = strconv.AppendInt(dst, ms, 10)
	dst = append(dst, '.')
	return append(dst, fbclid...)
}

// SubdomainIndex returns the second segment of fbc and fbp: the number of dots in the domain on which the page's
// cookies are set (example.com: 1, example.co.uk: 2, an IP address: 0). For an unknown page it is 1, as Meta's docs say
// for servers.
func SubdomainIndex(page []byte) int {
	host := hostOf(page)
	if len(host) == 0 {
		return 1
	}
	name := strings.ToLower(string(host))
	if _, err := netip.ParseAddr(name); err == nil {
		return 0
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil { // localhost, or a suffix itself
		domain = name
	}
	return strings.Count(domain, ".")
}

// longestHost bounds the host names that are looked up: DNS has no longer ones.
const longestHost = 253

// hostOf returns the host of a URL with a scheme, without user, port, brackets and a final dot; nil if there is none.
func hostOf(url []byte) []byte {
	_, rest, ok := bytes.Cut(url, []byte("://"))
	if !ok {
		return nil
	}
	if end := bytes.IndexAny(rest, "/?#\\"); end >= 0 {
		rest = rest[:end]
	}
	if at := bytes.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	if len(rest) > 0 && rest[0] == '[' {
		inner, _, ok := bytes.Cut(rest[1:], []byte{']'})
		if !ok {
			return nil
		}
		rest = inner
	} else if colon := bytes.IndexByte(rest, ':'); colon >= 0 {
		rest = rest[:colon]
	}
	rest = bytes.TrimSuffix(rest, []byte{'.'})
	if len(rest) > longestHost {
		return nil
	}
	return rest
}
