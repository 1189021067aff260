package identity

import "unicode/utf8"

// Digits of an E.164 number: what an international number that no plan knows must have to be kept.
const (
	fewestPhoneDigits = 7
	mostPhoneDigits   = 15
)

// appendPhone appends E.164 as libphonenumber reads it, digits only: no extension, no trunk zero. A number written with
// + or 00 is international. Any other is national in the country it is read in, else international. What is valid in
// neither way is kept only if it was written as international and has 7 to 15 digits.
//
// Plain shapes are read by the package's own table, which is generated from libphonenumber's metadata and tested equal
// to it; the rest asks the library, at a hundred times the cost.
func appendPhone(dst, raw []byte, c *Context) ([]byte, Drop) {
	text := trim(raw)
	if len(text) == 0 {
		return dst, Empty
	}
	home := c.home()
	if out, drop, sure := appendPlainPhone(dst, text, home); sure {
		return out, drop
	}
	return appendPhoneByLibrary(dst, text, home)
}

// phoneStart cuts what stands before the number, and says whether it is written with + or 00.
func phoneStart(text []byte) (number []byte, plus, zeros bool) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '+' || r == '＋':
			return text, true, false
		case isPhoneDigit(r):
			return text, false, len(text) > 1 && text[0] == '0' && text[1] == '0'
		}
		text = text[size:]
	}
	return nil, false, false
}
