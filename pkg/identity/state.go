package identity

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// appendState is PB's rule. In the US, in Canada and where no country is known it appends the two-letter code of a
// state's name, else the text's first two letters. Elsewhere it appends the whole name in lower case, letters and
// digits only.
func appendState(dst, raw []byte, c *Context) ([]byte, Drop) {
	switch c.home() {
	case "", "us", "ca":
		return appendStateCode(dst, raw)
	default:
		return appendStateName(dst, raw)
	}
}

func appendStateName(dst, raw []byte) ([]byte, Drop) {
	n := len(dst)
	dst = appendLower(dst, raw, deleteNonWords)
	out := dst[:n]
	for i := n; i < len(dst); {
		r, size := utf8.DecodeRune(dst[i:])
		if r < utf8.RuneSelf || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) {
			out = append(out, dst[i:i+size]...)
		}
		i += size
	}
	if len(out) == n {
		return out, Empty
	}
	return out, Kept
}

func appendStateCode(dst, raw []byte) ([]byte, Drop) {
	n := len(dst)
	dst = appendLetters(dst, raw)
	letters := dst[n:]
	if len(letters) > 2 {
		if code := stateCode(letters); code != "" {
			return append(dst[:n], code...), Kept
		}
		return dst[:n+2], Kept
	}
	if len(letters) == 0 {
		return dst, Empty
	}
	return dst, Kept
}

// appendLetters appends the ASCII letters of text in lower case. The Kelvin sign and the dotted capital I (İ) count
// too: in lower case they are k and i.
func appendLetters(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
			r = unicode.ToLower(r)
		}
		if r < utf8.RuneSelf && isLower(lowerASCII(byte(r))) {
			dst = append(dst, lowerASCII(byte(r)))
		}
		i += size
	}
	return dst
}

// stateCode returns the code of the state that is named letters; else, as PB does, of the first state in the table
// whose name is contained in letters.
func stateCode(letters []byte) string {
	for _, s := range states {
		if string(letters) == s.name {
			return s.code
		}
	}
	for _, s := range states {
		if len(s.name) < len(letters) && bytes.Contains(letters, []byte(s.name)) {
			return s.code
		}
	}
	return ""
}

// states is in PB's order, which decides what stateCode finds: the provinces and territories of Canada, then the states
// of the US by name.
var states = [...]struct{ name, code string }{
	{"ontario", "on"},
	{"quebec", "qc"},
	{"britishcolumbia", "bc"},
	{"alberta", "ab"},
	{"saskatchewan", "sk"},
	{"manitoba", "mb"},
	{"novascotia", "ns"},
	{"newbrunswick", "nb"},
	{"princeedwardisland", "pe"},
	{"newfoundlandandlabrador", "nl"},
	{"yukon", "yt"},
	{"northwestterritories", "nt"},
	{"nunavut", "nu"},
	{"alabama", "al"},
	{"alaska", "ak"},
	{"arizona", "az"},
	{"arkansas", "ar"},
	{"california", "ca"},
	{"colorado", "co"},
	{"connecticut", "ct"},
	{"delaware", "de"},
	{"florida", "fl"},
	{"georgia", "ga"},
	{"hawaii", "hi"},
	{"idaho", "id"},
	{"illinois", "il"},
	{"indiana", "in"},
	{"iowa", "ia"},
	{"kansas", "ks"},
	{"kentucky", "ky"},
	{"louisiana", "la"},
	{"maine", "me"},
	{"maryland", "md"},
	{"massachusetts", "ma"},
	{"michigan", "mi"},
	{"minnesota", "mn"},
	{"mississippi", "ms"},
	{"missouri", "mo"},
	{"montana", "mt"},
	{"nebraska", "ne"},
	{"nevada", "nv"},
	{"newhampshire", "nh"},
	{"newjersey", "nj"},
	{"newmexico", "nm"},
	{"newyork", "ny"},
	{"northcarolina", "nc"},
	{"northdakota", "nd"},
	{"ohio", "oh"},
	{"oklahoma", "ok"},
	{"oregon", "or"},
	{"pennsylvania", "pa"},
	{"rhodeisland", "ri"},
	{"southcarolina", "sc"},
	{"southdakota", "sd"},
	{"tennessee", "tn"},
	{"texas", "tx"},
	{"utah", "ut"},
	{"vermont", "vt"},
	{"virginia", "va"},
	{"washington", "wa"},
	{"westvirginia", "wv"},
	{"wisconsin", "wi"},
	{"wyoming", "wy"},
}
