package identity

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// Bounds of values in clear, in bytes. Meta gives none; longer ones are mistakes or attacks.
const (
	longestID        = 1024
	longestUserAgent = 2048
)

// appendDigits appends a number as the text that it is: numbers of 16 and 17 digits would not survive as a float.
func appendDigits(dst, text []byte, least, most int) ([]byte, Drop) {
	if len(text) < least || len(text) > most {
		return dst, Malformed
	}
	for _, b := range text {
		if !isDigit(b) {
			return dst, Malformed
		}
	}
	return append(dst, text...), Kept
}

// appendID appends an opaque id as it is: ids are case-sensitive.
func appendID(dst, text []byte) ([]byte, Drop) {
	if len(text) > longestID || !isPrintable(text) {
		return dst, Malformed
	}
	return append(dst, text...), Kept
}

// appendMadid appends a mobile advertising id, but drops the id of zeros, which phones send for a person who refused
// tracking.
func appendMadid(dst, text []byte) ([]byte, Drop) {
	for _, b := range text {
		if b != '0' && b != '-' {
			return appendID(dst, text)
		}
	}
	return dst, Empty
}

// appendUserAgent appends a user agent without control characters. Browsers send none; header injections do.
func appendUserAgent(dst, text []byte) ([]byte, Drop) {
	if len(text) > longestUserAgent || !isPrintable(text) {
		return dst, Malformed
	}
	return append(dst, text...), Kept
}

// isPrintable says whether text is valid UTF-8 without control characters.
func isPrintable(text []byte) bool {
	for i := plainStart(text); i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			if b < ' ' || b == 0x7F {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 || unicode.IsControl(r) {
			return false
		}
		i += size
	}
	return true
}

// plainStart returns the length of a start of text that is certainly printable ASCII, in steps of eight bytes.
func plainStart(text []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		if (x|(x-' '*ones)|(x+ones))&highs != 0 {
			break
		}
	}
	return i
}
