package number

import (
	"bytes"
	"unicode/utf8"
)

const (
	longest  = 64 // bytes of an amount as people write it
	maxWhole = 20 // digits before the point, and behind it
	maxShift = 30 // an exponent
)

// AppendDecimal appends an amount as people, spreadsheets and programs write it as plain decimal text, a JSON number:
// grouping (1,234.56 1.234,56 1 234,56 1'234.56 1,23,456.78), a currency's sign or code before or behind, signs (-5, 5-, −5,
// (5)), exponents (1.23E+03), and dashes for no cents (50,-). point is the decimal of the text: '.' or ','. With 0 the text
// itself must make it clear: the last of two marks (1.234,50), a mark that is there several times groups (1.234.567), and
// so do blanks and apostrophes; a comma with other than three digits behind it is a decimal (59,90). A point alone is a
// decimal, as programs write it (1.234), unless a currency beside it says that people did; one that has no smaller unit in
// use says that a mark before three digits groups (¥1,234; Rp 15.000). What can be read as two numbers (1,234; $1.234) is
// none. Marks of exports ('12.50, ="12.50") are no part of it. ok is false, and dst unchanged, when it cannot be read.
func AppendDecimal(dst, text []byte, point byte) (out []byte, ok bool) {
	out, _, ok = AppendMoney(dst, text, point)
	return out, ok
}

// AppendMoney is AppendDecimal, and the currency that the text says beside the amount: an ISO 4217 code. It is "" where there
// is none, or a sign that several currencies share ($).
func AppendMoney(dst, text []byte, point byte) (out []byte, currency string, ok bool) {
	if out, ok = appendPlain(dst, text, point); ok {
		return out, "", true
	}
	if len(text) == 0 || len(text) > longest {
		return dst, "", false
	}
	a := amount{point: point}
	a.to = len(plainMarks(a.room[:0], text))
	a.cutMarks()
	if !a.cutFront() || !a.cutBack() || a.open {
		return dst, "", false
	}
	out, ok = a.append(dst)
	if !ok {
		return dst, "", false
	}
	return out, a.currency, true
}

// appendPlain appends digits, with one point among them where that is the decimal: what most senders write.
func appendPlain(dst, text []byte, point byte) (out []byte, ok bool) {
	whole := digits(text)
	rest := text[whole:]
	if whole == 0 || whole > maxWhole || whole > 1 && text[0] == '0' {
		return dst, false
	}
	if len(rest) == 0 {
		return append(dst, text...), true
	}
	if rest[0] != '.' || point == ',' || len(rest) == 1 || len(rest) > maxWhole || digits(rest[1:]) != len(rest)-1 {
		return dst, false
	}
	return append(dst, text...), true
}

// amount is a text from which what is no number is cut step by step.
type amount struct {
	room     [longest]byte
	from, to int // what of room is left
	point    byte
	negative bool
	signed   bool
	open     bool // a bracket is open: (5.00)
	units    int
	currency string
}

// text is what is left.
func (a *amount) text() []byte { return a.room[a.from:a.to] }

// cutMarks cuts off what exports put around a text ('12.50, ="12.50"), and the stroke that ends an Indian amount (500/-).
func (a *amount) cutMarks() {
	switch text := a.text(); {
	case len(text) > 1 && text[0] == '\'':
		a.from++
	case len(text) > 3 && text[0] == '=' && text[1] == '"' && text[len(text)-1] == '"':
		a.from, a.to = a.from+2, a.to-1
	}
	if text := a.text(); bytes.HasSuffix(text, []byte("/-")) || bytes.HasSuffix(text, []byte("/=")) {
		a.to -= len("/-")
	}
}

// cutFront cuts a sign, a bracket and units off the front.
func (a *amount) cutFront() bool {
	for ; a.from < a.to; a.from++ {
		text := a.text()
		switch c := text[0]; {
		case isDigit(c), (c == '.' || c == ',') && len(text) > 1 && isDigit(text[1]):
			return true
		case c == ' ':
		case c == '-', c == '+', c == '(':
			if a.open = c == '('; !a.sign(c != '+') {
				return false
			}
		default:
			size := a.unitBefore(text)
			if size == 0 {
				return false
			}
			a.from += size - 1
		}
	}
	return false
}

// unitBefore is the length of the unit at the begin of a text, 0: there is none. A point at its end may be the amount's:
// $.50.
func (a *amount) unitBefore(text []byte) int {
	size := max(bytes.IndexAny(text, "0123456789 -+("), 0)
	if a.addUnit(text[:size]) {
		return size
	}
	if size > 1 && (text[size-1] == '.' || text[size-1] == ',') && a.addUnit(text[:size-1]) {
		return size - 1
	}
	return 0
}

// cutBack cuts them off the back. A dash behind a mark is no sign: it stands for no cents.
func (a *amount) cutBack() bool {
	for ; a.from < a.to; a.to-- {
		text := a.text()
		last := len(text) - 1
		switch c := text[last]; {
		case isDigit(c), c == ',', c == '.' && last > 0 && isDigit(text[last-1]): // but kr.
			return true
		case c == ' ':
		case c == ')' && a.open:
			a.open = false
		case c == '-':
			if whole := bytes.TrimRight(text, "-"); isMark(whole) {
				return a.noCents(whole)
			}
			if !a.sign(true) {
				return false
			}
		default:
			size := bytes.LastIndexAny(text, "0123456789 -)") + 1
			if !a.addUnit(text[size:]) {
				return false
			}
			a.to -= last - size
		}
	}
	return false
}

// isMark says whether a text ends in a decimal's mark.
func isMark(text []byte) bool {
	return len(text) > 1 && (text[len(text)-1] == '.' || text[len(text)-1] == ',')
}

// noCents cuts the mark before a dash off: it is the text's decimal.
func (a *amount) noCents(whole []byte) bool {
	mark := whole[len(whole)-1]
	if a.point != 0 && a.point != mark {
		return false
	}
	a.point, a.to = mark, a.from+len(whole)-1
	return isDigit(whole[len(whole)-2])
}

func (a *amount) sign(negative bool) bool {
	if a.signed {
		return false
	}
	a.signed, a.negative = true, negative
	return true
}

// addUnit notes a unit; false: it is none, or contradicts another.
func (a *amount) addUnit(text []byte) bool {
	var room [longest]byte
	currency, ok := unit(lower(room[:0], text))
	if !ok || currency != "" && a.currency != "" && currency != a.currency {
		return false
	}
	if a.units++; currency != "" {
		a.currency = currency
	}
	return a.units <= 3
}

// plainMarks appends a text with one spelling of every blank, apostrophe, dash and digit, and without marks of direction.
func plainMarks(dst, text []byte) []byte {
	for len(text) > 0 {
		if c := text[0]; c < utf8.RuneSelf {
			if c == '\t' || c == '\n' || c == '\r' {
				c = ' '
			}
			dst, text = append(dst, c), text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '\u00a0', r == '\u202f', '\u2000' <= r && r <= '\u200a', r == '\u3000':
			dst = append(dst, ' ')
		case r == '\u2019', r == '\u2018', r == '\u02bc', r == '\u00b4':
			dst = append(dst, '\'')
		case r == '\u2212', '\u2010' <= r && r <= '\u2015':
			dst = append(dst, '-')
		case '٠' <= r && r <= '٩':
			dst = append(dst, byte(r-'٠')+'0')
		case '۰' <= r && r <= '۹':
			dst = append(dst, byte(r-'۰')+'0')
		case '\uff10' <= r && r <= '\uff19': // full width
			dst = append(dst, byte(r-'\uff10')+'0')
		case r == '٫', r == '\uff0e':
			dst = append(dst, '.')
		case r == '٬', r == '\uff0c':
			dst = append(dst, ',')
		case r == '\u200e', r == '\u200f', '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069', r == '\ufeff':
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}

func lower(dst, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// digits is how many digits a text begins with.
func digits(text []byte) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
