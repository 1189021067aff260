package capi

import "bytes"

// maxDigits bounds the length of a decimal without an exponent.
const maxDigits = 32

// appendDecimal appends a decimal text as a JSON number that says exactly the same: no plus, no spaces, no leading zeros,
// no exponent ("1.5e2" is 150). It returns false, and dst unchanged, for text that is no finite decimal or longer than maxDigits.
func appendDecimal(dst, text []byte) ([]byte, bool) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || len(text) > 2*maxDigits {
		return dst, false
	}
	negative := text[0] == '-'
	if negative || text[0] == '+' {
		text = text[1:]
	}
	mantissa, exponent := text, 0
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		var ok bool
		if exponent, ok = smallInt(text[i+1:]); !ok {
			return dst, false
		}
		mantissa = text[:i]
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte{'.'})
	if len(whole)+len(fraction) == 0 || !allDigits(whole) || !allDigits(fraction) {
		return dst, false
	}
	if exponent == 0 {
		return appendParts(dst, negative, whole, fraction)
	}
	var room [4 * maxDigits]byte
	digits := append(append(room[:0], whole...), fraction...)
	point := len(whole) + exponent
	for point > len(digits) {
		digits = append(digits, '0')
	}
	if point < 0 {
		digits = append(bytes.Repeat([]byte{'0'}, -point), digits...)
		point = 0
	}
	return appendParts(dst, negative, digits[:point], digits[point:])
}

func appendParts(dst []byte, negative bool, whole, fraction []byte) ([]byte, bool) {
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	if len(whole)+len(fraction) > maxDigits {
		return dst, false
	}
	if negative {
		dst = append(dst, '-')
	}
	if len(whole) == 0 {
		dst = append(dst, '0')
	}
	dst = append(dst, whole...)
	if len(fraction) > 0 {
		dst = append(append(dst, '.'), fraction...)
	}
	return dst, true
}

// smallInt reads an exponent of at most two digits; a larger one would only append zeros.
func smallInt(s []byte) (int, bool) {
	negative := len(s) > 0 && s[0] == '-'
	if negative || len(s) > 0 && s[0] == '+' {
		s = s[1:]
	}
	if len(s) == 0 || len(s) > 2 || !allDigits(s) {
		return 0, false
	}
	n := 0
	for _, b := range s {
		n = n*10 + int(b-'0')
	}
	if n > maxDigits {
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}

func allDigits(s []byte) bool {
	for _, b := range s {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}
