// Package phone reads phone numbers as people and forms write them. Package identity calls it for the match key ph, package
// mapfile for the calling code of a column. Plain shapes are read by a table of its own, which go generate makes of
// libphonenumber's metadata and tests hold equal to the library; the rest asks the library, at a hundred times the cost. It
// refuses to hash, and to know anything of match keys.
package phone

import "unicode/utf8"

// Digits of an E.164 number: what an international number that no plan knows must have to be kept.
const (
	fewestDigits = 7
	mostDigits   = 15
)

// Append appends E.164 as libphonenumber reads it, digits only: no extension, no trunk zero. A number written with + or
// 00 is international. Any other is national in home (ISO alpha-2, lower case; "" is none), else international. What is
// valid in neither way is no number (ok is false) unless it was written as international and has 7 to 15 digits.
func Append(dst, text []byte, home string) (out []byte, ok bool) {
	if out, ok, sure := appendPlain(dst, text, home); sure {
		return out, ok
	}
	return appendByLibrary(dst, text, home)
}

// start cuts what stands before the number, and says whether it is written with + or 00.
func start(text []byte) (number []byte, plus, zeros bool) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '+' || r == '＋':
			return text, true, false
		case isDecimal(r):
			return text, false, len(text) > 1 && text[0] == '0' && text[1] == '0'
		}
		text = text[size:]
	}
	return nil, false, false
}
