package identity

import (
	"crypto/sha256"
	"encoding/base64"
)

// The lengths of a SHA-256 in base64, without and with its padding.
const (
	base64Digits = 43
	base64Padded = 44
)

// appendBase64 appends the hex digits of a SHA-256 that came in base64 of either alphabet, as Google's tags and Java's
// libraries write digests; not ok: text is none. A digest has letters of both cases and digits; what only happens to be as
// long, a name or a domain, has not. An external id of that length is an id, unless its sender says that it is hashed.
func appendBase64(dst, text []byte, k Key, f Form) (out []byte, ok bool) {
	if f != DeclaredHashed && (k == ExternalID || !isMixed(text)) {
		return dst, false
	}
	if len(text) == base64Padded {
		if text[base64Digits] != '=' {
			return dst, false
		}
		text = text[:base64Digits]
	}
	var plain [base64Digits]byte
	for i, b := range text {
		switch b {
		case '-':
			b = '+'
		case '_':
			b = '/'
		}
		plain[i] = b
	}
	var sum [sha256.Size + 1]byte // DecodedLen rounds up
	n, err := base64.RawStdEncoding.Strict().Decode(sum[:], plain[:])
	if err != nil || n != sha256.Size {
		return dst, false
	}
	return appendHex(dst, (*[sha256.Size]byte)(sum[:])), true
}

// isMixed says whether text has upper-case and lower-case letters and digits.
func isMixed(text []byte) bool {
	var upper, lower, digit bool
	for _, b := range text {
		upper = upper || b >= 'A' && b <= 'Z'
		lower = lower || isLower(b)
		digit = digit || isDigit(b)
	}
	return upper && lower && digit
}
