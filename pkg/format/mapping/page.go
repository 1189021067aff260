package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// CompletePages makes addresses of event_source_url and referrer_url where the sender has only a part of one: a path, a
// query, an address without its scheme. What is missing is that of the request's Referer, else of the host that the sender
// names, else of known, the source's own page (nil: none). Where the page of a visitor's own request cannot be read, the
// Referer is it.
func (o *Output) CompletePages(known []byte) {
	e, b := &o.Event, &o.Browser
	if isWeb(e.SourceURL) && (len(e.ReferrerURL) == 0 || isWeb(e.ReferrerURL)) {
		return
	}
	base := b.Referer
	if !isWeb(base) && len(b.Host) > 0 {
		if base = b.Host; !isWeb(base) {
			base = o.Keep([]byte("https://"), b.Host)
		}
	}
	if !isWeb(base) {
		base = known
	}
	if len(e.SourceURL) > 0 {
		if e.SourceURL = o.address(e.SourceURL, base); !isWeb(e.SourceURL) && isWeb(b.Referer) {
			if len(e.SourceURL) > 0 {
				o.Drop(FieldSourceURL, Malformed)
			}
			e.SourceURL = b.Referer
		}
	}
	if isWeb(e.SourceURL) {
		base = e.SourceURL
	}
	e.ReferrerURL = o.address(e.ReferrerURL, base)
}

// address is a part of an address completed by base; what is none, or has another scheme, stays as it is.
func (o *Output) address(part, base []byte) []byte {
	part = Trim(part)
	if isWeb(part) {
		return part
	}
	if nothing.Is(part) {
		return nil
	}
	origin := originOf(base)
	if origin == nil {
		return part
	}
	scheme, host, _ := bytes.Cut(origin, []byte("//"))
	first := part
	if end := bytes.IndexAny(part, "/?#"); end >= 0 {
		first = part[:end]
	}
	switch {
	case bytes.HasPrefix(part, []byte("//")):
		return o.Keep(scheme, part)
	case part[0] == '/':
		return o.Keep(origin, part)
	case part[0] == '?':
		page, _, _ := bytes.Cut(base, []byte{'#'})
		page, _, _ = bytes.Cut(page, []byte{'?'})
		return o.Keep(page, part)
	case part[0] == '#':
		page, _, _ := bytes.Cut(base, []byte{'#'})
		return o.Keep(page, part)
	case bytes.EqualFold(first, host):
		return o.Keep(scheme, []byte("//"), part)
	case bytes.IndexByte(first, ':') >= 0, bytes.IndexByte(first, '.') >= 0 && !isFile(first):
		return part // of another scheme, or another host
	}
	return o.Keep(origin, []byte("/"), part)
}

// isWeb says whether a text begins as the address of a page does.
func isWeb(address []byte) bool {
	for _, scheme := range [...]string{"https://", "http://"} {
		if len(address) > len(scheme) && bytes.EqualFold(address[:len(scheme)], []byte(scheme)) {
			return true
		}
	}
	return false
}

// originOf is scheme and host of a page's address, nil if it is none.
func originOf(address []byte) []byte {
	if !isWeb(address) {
		return nil
	}
	host := bytes.Index(address, []byte("//")) + 2
	if end := bytes.IndexAny(address[host:], "/?#"); end >= 0 {
		if end == 0 {
			return nil
		}
		return address[:host+end]
	}
	return address
}

// isFile says whether a name with a dot is that of a page's file, not of a host.
func isFile(name []byte) bool {
	for _, end := range [...]string{".html", ".htm", ".php", ".asp", ".aspx", ".jsp"} {
		if bytes.HasSuffix(name, []byte(end)) {
			return true
		}
	}
	return false
}
