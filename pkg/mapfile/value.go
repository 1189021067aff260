package mapfile

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/number"
)

// appendNumber reads a quantity or an amount of money as plain decimal text: a JSON number or a default is one already, what
// a spreadsheet stores too, and other text is read by the mapping's decimal.
func (f *format) appendNumber(dst, text []byte, plain, serial bool) (out []byte, ok bool) {
	switch {
	case plain:
		if out, ok = number.AppendDecimal(dst, text, '.'); ok {
			return out, true
		}
		return appendFloat(dst, text)
	case serial:
		if out, ok = appendFloat(dst, text); ok {
			return out, true
		}
	}
	return number.AppendDecimal(dst, text, f.decimal)
}

// appendFloat reads what a spreadsheet stores of a number: 17 digits of a double, of which people see 15. So
// 39.899999999999999 is 39.9. With an exponent too.
func appendFloat(dst, text []byte) (out []byte, ok bool) {
	for _, b := range text {
		if !isDigit(b) && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E' {
			return dst, false
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f > 1e15 || f < -1e15 {
		return dst, false
	}
	seen, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	if err != nil {
		return dst, false
	}
	return strconv.AppendFloat(dst, seen, 'f', -1, 64), true
}

// isShortened knows a long number of which a spreadsheet shows the first digits (1.23457E+11, with a decimal comma too): the
// others are lost.
func isShortened(room, text []byte) bool {
	const longest = 32 // of such a text
	if len(text) > longest || len(text) == 0 || text[0] > '9' {
		return false
	}
	at := bytes.IndexAny(text, "eE")
	if at < 1 || at+2 >= len(text) {
		return false
	}
	room = append(room, text...)
	if comma := bytes.IndexByte(room[:at], ','); comma > 0 {
		room[comma] = '.'
	}
	_, ok := number.AppendIdentifier(room[len(room):], room)
	return !ok
}

func allDigits(text []byte) bool {
	for _, b := range text {
		if !isDigit(b) {
			return false
		}
	}
	return true
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
