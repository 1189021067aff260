package identity

import "unicode/utf8"

// appendName is PB's rule for fn and ln: white space and ASCII punctuation deleted, then lower case. Digits, accents
// and typographic marks stay.
func appendName(dst, raw []byte) ([]byte, Drop) {
	n := len(dst)
	dst = appendLower(dst, raw, deleteNonWords)
	if len(dst) == n {
		return dst, Empty
	}
	return dst, Kept
}

// appendNameStart is the rule of Meta's SDKs for f5first, f5last and fi: trimmed, in lower case, cut to the first
// characters. PB has no rule for them.
func appendNameStart(dst, raw []byte, characters int) ([]byte, Drop) {
	n := len(dst)
	dst = appendLower(dst, trim(raw), deleteNothing)
	end := n
	for ; characters > 0 && end < len(dst); characters-- {
		_, size := utf8.DecodeRune(dst[end:])
		end += size
	}
	if end == n {
		return dst, Empty
	}
	return dst[:end], Kept
}

// appendExternalID is PB's rule: white space deleted, then lower case.
func appendExternalID(dst, raw []byte) ([]byte, Drop) {
	n := len(dst)
	dst = appendLower(dst, raw, deleteSpaces)
	if len(dst) == n {
		return dst, Empty
	}
	return dst, Kept
}
