// Package phone reads phone numbers as people and forms write them. Package identity calls it for the match key ph,
// package mapfile for the calling code of a column. Numbers of plain shape are read by the package's own table, which
// go generate makes from libphonenumber's metadata and tests compare with the library. All others are read by the
// library, at a hundred times the cost. It refuses to hash, and to know anything of match keys.
package phone

import "unicode/utf8"

// The bounds for the digits of an E.164 number. An international number that no numbering plan has is kept only within
// them.
const (
	fewestDigits = 7
	mostDigits   = 15
)

// Append appends the number in E.164 as libphonenumber reads it, digits only: no extension, no trunk zero. A number
// written with + or 00 is international. Any other is read as a national one of home (ISO alpha-2, lower case, "" if
// unknown), else as an international one; where home's numbers have a trunk prefix, digits that begin with its calling
// code and go on validly are international first. If it is not valid in any of these ways, ok is false, unless it was
// written as international and has 7 to 15 digits.
func Append(dst, text []byte, home string) (out []byte, ok bool) {
	if out, ok, sure := appendPlain(dst, text, home); sure {
		return out, ok
	}
	return appendByLibrary(dst, text, home)
}

// start cuts off what stands before the number, and says whether the number is written with + or 00.
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
