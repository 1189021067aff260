package identity

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// isSpace says whether r is white space in JavaScript, which PB trims and deletes. This includes U+FEFF but not U+0085;
// for unicode.IsSpace it is the other way round.
func isSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0x00A0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// trim cuts white space from both ends.
func trim(text []byte) []byte {
	if n := len(text); n > 0 && isVisible(text[0]) && isVisible(text[n-1]) {
		return text
	}
	return trimSpace(text)
}

// isVisible says whether b is a visible ASCII character, so certainly no white space.
func isVisible(b byte) bool { return b > ' ' && b < 0x7F }

func trimSpace(text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if !isSpace(r) {
			break
		}
		text = text[size:]
	}
	for len(text) > 0 {
		r, size := utf8.DecodeLastRune(text)
		if !isSpace(r) {
			break
		}
		text = text[:len(text)-size]
	}
	return text
}

// deletion says which characters a rule deletes before it lower-cases.
type deletion uint8

const (
	deleteNothing  deletion = iota
	deleteSpaces            // white space
	deleteNonWords          // white space and ASCII punctuation
)

func (d deletion) deletes(r rune) bool {
	switch d {
	case deleteSpaces:
		return isSpace(r)
	case deleteNonWords:
		return isSpace(r) || isPunct(r)
	default:
		return false
	}
}

// lowered holds for each deletion and each ASCII character its lower case, or deleted if the rule deletes it.
var lowered = func() (table [deleteNonWords + 1][utf8.RuneSelf]byte) {
	for d := range table {
		for b := range table[d] {
			if table[d][b] = lowerASCII(byte(b)); deletion(d).deletes(rune(b)) {
				table[d][b] = deleted
			}
		}
	}
	return table
}()

const deleted = 0xFF

// appendLower appends text without the characters that d deletes, in lower case as JavaScript, Python and Java make it.
// Like them it turns invalid UTF-8 into U+FFFD.
func appendLower(dst, text []byte, d deletion) []byte {
	n := len(dst)
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			if low := lowered[d][b]; low != deleted {
				dst = append(dst, low)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == 'İ' || r == 'Σ' {
			return appendLowerByContext(dst[:n], text, d)
		}
		if !d.deletes(r) {
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
		i += size
	}
	return dst
}

// appendLowerByContext is appendLower for text with one of the two letters that unicode.ToLower can't lower-case: İ
// becomes two characters, and Σ at the end of a word becomes ς.
func appendLowerByContext(dst, text []byte, d deletion) []byte {
	kept := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if !d.deletes(r) {
			kept = utf8.AppendRune(kept, r)
		}
	}
	return append(dst, cases.Lower(language.Und).Bytes(kept)...)
}

func lowerASCII(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isLower(b byte) bool { return b >= 'a' && b <= 'z' }

func isAlnum(b byte) bool { return isDigit(b) || isLower(lowerASCII(b)) }

// isPunct says whether r is ASCII punctuation: one of !"#$%&'()*+,-./:;<=>?@[\]^_`{|}~ in PB's expression.
func isPunct(r rune) bool {
	return r > ' ' && r < 0x7F && !isAlnum(byte(r))
}

// emptyOrMalformed returns why a value is dropped: Empty if normalizing left nothing of it, else Malformed.
func emptyOrMalformed(left []byte) Drop {
	if len(left) == 0 {
		return Empty
	}
	return Malformed
}
