package identity

import "unicode/utf8"

// appendZip follows Meta's documentation where PB departs from it: lower case, no spaces, no dashes, and only the first
// five digits of a US code. Where no country is known, only the shape 12345-6789 counts as a US code.
func appendZip(dst, raw []byte, c *Context) ([]byte, Drop) {
	text := trim(raw)
	n := len(dst)
	dst = appendLower(dst, text, deleteSpaces)
	dst = deleteDashes(dst, n)
	left := utf8.RuneCount(dst[n:])
	if left < 2 {
		return dst[:n], emptyOrMalformed(dst[n:])
	}
	home := c.home()
	if home == "us" && left > 5 || home == "" && isZipPlus4(text) {
		end := n
		for range 5 {
			_, size := utf8.DecodeRune(dst[end:])
			end += size
		}
		dst = dst[:end]
	}
	return dst, Kept
}

// deleteDashes deletes dashes, also typographic ones, from dst[n:].
func deleteDashes(dst []byte, n int) []byte {
	out := dst[:n]
	for i := n; i < len(dst); {
		r, size := utf8.DecodeRune(dst[i:])
		if r != '-' && (r < 0x2010 || r > 0x2015) {
			out = append(out, dst[i:i+size]...)
		}
		i += size
	}
	return out
}

// isZipPlus4 says whether text matches ^\d{5}-\d{4}$.
func isZipPlus4(text []byte) bool {
	if len(text) != 10 || text[5] != '-' {
		return false
	}
	for i, b := range text {
		if i != 5 && !isDigit(b) {
			return false
		}
	}
	return true
}
