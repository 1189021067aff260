package identity

import (
	"bytes"
	"unicode/utf8"
)

// zipPlus4 is the number of digits of a US code with the four that follow the dash.
const zipPlus4 = 9

// appendZip follows Meta's documentation where PB departs from it: lower case, no spaces, no dashes, and only the first
// five digits of a US code. Where no country is known, only the shape 12345-6789 counts as a US code. Zeros that a code lost
// where it was stored as a number are put back, where the country's codes are digits of one length.
func appendZip(dst, raw []byte, c *Context) ([]byte, Drop) {
	text := trim(raw)
	n := len(dst)
	dst = appendLower(dst, text, deleteSpaces)
	home := c.home()
	digits := zipDigits(home)
	dash := bytes.IndexByte(dst[n:], '-')
	dst = deleteDashes(dst, n)
	if home == "us" && dash < digits && len(dst)-n > digits {
		digits = zipPlus4 // 2139-1234
	}
	left := utf8.RuneCount(dst[n:])
	if left < 2 {
		return dst[:n], emptyOrMalformed(dst[n:])
	}
	dst = restoreZeros(dst, n, digits)
	if left > 5 && home == "us" || home == "" && isZipPlus4(text) {
		end := n
		for range 5 {
			_, size := utf8.DecodeRune(dst[end:])
			end += size
		}
		dst = dst[:end]
	}
	return dst, Kept
}

// mostLostZeros is how many zeros are put back: Puerto Rico's 00601 was 601, Rome's 00118 was 118.
const mostLostZeros = 2

// restoreZeros puts zeros before the code at dst[n:] if it has digits only, and too few of them.
func restoreZeros(dst []byte, n, digits int) []byte {
	short := digits - (len(dst) - n)
	if short < 1 || short > mostLostZeros || !allDigits(dst[n:]) {
		return dst
	}
	for range short {
		dst = append(dst, 0)
		copy(dst[n+1:], dst[n:])
		dst[n] = '0'
	}
	return dst
}

// zipDigits is how many digits a country's postcodes have, 0 where they are not digits of one length that may begin with a
// zero, by the Universal Postal Union's addressing guide. Where none begins with a zero, a short code has lost something else.
func zipDigits(country string) int {
	switch country {
	case "am", "au", "dk", "ge", "no", "nz", "pa", "ph", "za":
		return 4
	case "de", "dz", "es", "fi", "fr", "gt", "it", "ke", "kr", "la", "lk", "lt", "mm", "mx", "my", "pe", "pl", "pr", "sk", "tr",
		"ua", "us", "vi":
		return 5
	case "cn", "co", "ec", "kz", "ro", "sg":
		return 6
	case "jp":
		return 7
	case "br":
		return 8
	}
	return 0
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
