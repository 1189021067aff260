package mapfile

import (
	"bytes"
	"strconv"
)

// decimal reads a number as people write it into e as plain decimal text: 1.234,56 with decimal ",". A group separator
// that does not separate three digits is no number: 39.90 with decimal "," is refused, not read as 3990. ok is false
// when it cannot be read.
func appendDecimal(dst, text []byte, point byte) (out []byte, ok bool) {
	group := byte(',')
	if point == ',' {
		group = '.'
	}
	n := len(dst)
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		if text[0] == '-' {
			dst = append(dst, '-')
		}
		text = text[1:]
	}
	whole, fraction, pointed := bytes.Cut(text, []byte{point})
	if dst, ok = appendWhole(dst, whole, group, pointed && len(fraction) > 0); !ok {
		return dst[:n], false
	}
	if !pointed {
		return dst, true
	}
	if !allDigits(fraction) {
		return dst[:n], false
	}
	if len(fraction) > 0 {
		dst = append(append(dst, '.'), fraction...)
	}
	return dst, true
}

// appendWhole appends the digits before the decimal point without their group separators and leading zeros.
func appendWhole(dst, whole []byte, group byte, mayBeEmpty bool) ([]byte, bool) {
	start, run, grouped := len(dst), 0, false
	var mark byte
	for i := 0; i < len(whole); {
		b := whole[i]
		if isDigit(b) {
			if run++; len(dst) > start || b != '0' {
				dst = append(dst, b)
			}
			i++
			continue
		}
		size := groupMark(whole[i:], group)
		if size == 0 || run == 0 || run > 3 || (grouped && (run != 3 || mark != b)) {
			return dst, false
		}
		grouped, mark, run = true, b, 0
		i += size
	}
	if (grouped && run != 3) || (run == 0 && !mayBeEmpty) || len(dst)-start > 20 {
		return dst, false
	}
	if len(dst) == start {
		dst = append(dst, '0')
	}
	return dst, true
}

// groupMark is the length of a group separator at the start of text: the one given, an apostrophe, or a space, which
// spreadsheets write as U+00A0 or U+202F.
func groupMark(text []byte, group byte) int {
	switch {
	case text[0] == group, text[0] == '\'', text[0] == ' ':
		return 1
	case bytes.HasPrefix(text, []byte("\u00a0")):
		return 2
	case bytes.HasPrefix(text, []byte("\u202f")), bytes.HasPrefix(text, []byte("\u2019")):
		return 3
	}
	return 0
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

// scientific knows a long number that a spreadsheet has shortened (1.23457E+11): its digits are lost.
func scientific(text []byte) bool {
	at := bytes.IndexAny(text, "eE")
	if at < 1 || at+2 >= len(text) || text[at+1] != '+' || !allDigits(text[at+2:]) {
		return false
	}
	whole, fraction, _ := bytes.Cut(text[:at], []byte{'.'})
	if len(whole) != 1 {
		whole, fraction, _ = bytes.Cut(text[:at], []byte{','})
	}
	return len(whole) == 1 && isDigit(whole[0]) && allDigits(fraction)
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
