package identity

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// appendEmail is PB's rule: trimmed, in lower case, and matching PB's expression; no part of the address is rewritten.
// Only a domain with letters other than ASCII is punycoded first, since PB would drop it, and nobody's addresses are dropped.
func appendEmail(dst, raw []byte) ([]byte, Drop) {
	n := len(dst)
	dst = appendLower(dst, trim(raw), deleteNothing)
	if len(dst) == n {
		return dst, Empty
	}
	if !isASCII(dst[n:]) {
		dst = punycode(dst, n)
	}
	if !isEmail(dst[n:]) || isReserved(dst[n:]) {
		return dst[:n], Malformed
	}
	return dst, Kept
}

// punycode rewrites the domain of the address that starts at dst[n:]. A domain without a punycode form is left as it is
// and fails the check later.
func punycode(dst []byte, n int) []byte {
	at := bytes.LastIndexByte(dst[n:], '@')
	if at < 0 {
		return dst
	}
	domain := n + at + 1
	ascii, err := idna.Lookup.ToASCII(string(dst[domain:]))
	if err != nil {
		return dst
	}
	return append(dst[:domain], ascii...)
}

// isEmail is PB's expression, for text in lower case:
//
//	^[\w!#$%&'*+/=?^`{|}~-]+(:?\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$
//
// Its (:? was meant as (?: and lets a colon stand before a dot.
func isEmail(text []byte) bool {
	at := bytes.IndexByte(text, '@')
	return at > 0 && isLocalPart(text[:at]) && isDomain(text[at+1:])
}

// isReserved says whether an address lies in a top-level domain in which nobody has mail: those of RFC 2606 and RFC 6761.
// Shops write them for people who gave none, and sandboxes behind addresses that must get no mail.
func isReserved(address []byte) bool {
	switch string(address[bytes.LastIndexByte(address, '.')+1:]) {
	case "invalid", "test", "example", "localhost":
		return true
	}
	return false
}

func isLocalPart(text []byte) bool {
	atom := 0
	for i, b := range text {
		switch {
		case isAtomText(b):
			atom++
		case b == '.' && atom > 0:
			atom = 0
		case b == ':' && atom > 0 && i+1 < len(text) && text[i+1] == '.':
			// The dot that follows ends the atom.
		default:
			return false
		}
	}
	return atom > 0
}

func isAtomText(b byte) bool {
	switch b {
	case '_', '!', '#', '$', '%', '&', '\'', '*', '+', '/', '=', '?', '^', '`', '{', '|', '}', '~', '-':
		return true
	}
	return isAlnum(b)
}

// isDomain says whether text has two labels or more, each of letters, digits and inner dashes.
func isDomain(text []byte) bool {
	labels, start := 0, 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != '.' {
			if b := text[i]; !isDigit(b) && !isLower(b) && b != '-' {
				return false
			}
			continue
		}
		if i == start || text[start] == '-' || text[i-1] == '-' {
			return false
		}
		labels++
		start = i + 1
	}
	return labels >= 2
}

func isASCII(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
