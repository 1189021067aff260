package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

// maxFact is the longest header or query that is stored: it is stored with every item.
const maxFact = 2 << 10

// keptHeaders are the headers that are stored, beside the cookies of keptCookies.
var keptHeaders = []struct{ canonical, stored string }{
	{"User-Agent", "user-agent"},
	{"Referer", "referer"},
	{"Origin", "origin"},
	{"Content-Type", "content-type"},
}

// keptCookies are Meta's: the browser's id, the click's id and the client's address. Any other may be a session's.
var keptCookies = []string{"_fbp", "_fbc", "_fbi"}

// eventParams are the query parameters that hold the event itself. They are not stored: credentials are cut out of the
// event, and would remain in them.
var eventParams = func() (names []string) {
	for _, f := range all.Formats {
		names = append(names, f.EventParams...)
	}
	return names
}()

// appendURL appends path and query without credentials.
func appendURL(dst []byte, u *url.URL) []byte {
	dst = append(dst, u.EscapedPath()...)
	if u.RawQuery == "" || len(u.RawQuery) > maxFact {
		return dst
	}
	return appendQuery(dst, u.RawQuery)
}

// appendQuery appends a query, with its question mark, without credentials: neither those that it names, nor a parameter in
// whose value, an address of a page mostly, one stands. What such a parameter says of the event is in its item.
func appendQuery(dst []byte, query string) []byte {
	mark := byte('?')
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); pair == "" || err != nil || receive.IsCredential(plain) || slices.Contains(eventParams, plain) {
			continue
		}
		if _, has := pageurl.AppendWithoutCredentials(nil, append([]byte{'?'}, pair...)); has {
			continue
		}
		dst = append(append(dst, mark), pair...)
		mark = '&'
	}
	return dst
}

// appendHeaders appends the kept headers as a JSON object, nothing if there are none.
func appendHeaders(dst []byte, h http.Header) []byte {
	start := len(dst)
	for _, k := range keptHeaders {
		v := h.Get(k.canonical)
		if k.stored == "referer" {
			v = withoutCredentials(v)
		}
		dst = appendHeader(dst, start, k.stored, v)
	}
	if h["Cookie"] != nil {
		dst = appendHeader(dst, start, "cookie", cookies(h))
	}
	if len(dst) > start {
		dst = append(dst, '}')
	}
	return dst
}

func appendHeader(dst []byte, start int, name, value string) []byte {
	if value == "" || len(value) > maxFact {
		return dst
	}
	if len(dst) == start {
		dst = append(dst, '{')
	} else {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), name...), '"', ':')
	return jsonscan.AppendString(dst, []byte(value))
}

// withoutCredentials cuts credentials, a password reset's token among them, out of a page's address.
func withoutCredentials(page string) string {
	if clean, changed := pageurl.AppendWithoutCredentials(nil, []byte(page)); changed {
		return string(clean)
	}
	return page
}

// cookies is a Cookie header with keptCookies alone.
func cookies(h http.Header) string {
	var out []string
	for _, line := range h.Values("Cookie") {
		for part := range strings.SplitSeq(line, ";") {
			part = strings.TrimSpace(part)
			for _, name := range keptCookies {
				if v, ok := strings.CutPrefix(part, name+"="); ok && v != "" {
					out = append(out, part)
				}
			}
		}
	}
	return strings.Join(out, "; ")
}
