package number

import "bytes"

// largestExact is 2^53, up to which a double holds every whole number.
const largestExact = "9007199254740992"

// AppendIdentifier appends an identifier that may have been stored as a number on its way: a phone, a postcode, an id. Text
// that is spelled like a floating-point number becomes the whole number that it means (1001.0 and 1.001E3 are 1001), with
// the plus or minus it was written with; any other text stays as it is (00123, 1.2.3, 100.50, 12E4, 5e10).
//
// Digits are known to be complete in two spellings: a fraction of zeros alone; and an exponent without a sign, which Java,
// its descendants and JSON write with as many digits as the double needs. An exponent with a sign (1.23457E+11) is what a
// spreadsheet shows of a long number: it is complete only if it has as many digits as the number. ok is false, and dst
// unchanged, where digits were lost so, or the number is above 2^53, from where on doubles round.
//
// Three zeros behind at most three digits (1.000) may as well be a thousand: such text stays as it is.
func AppendIdentifier(dst, text []byte) (out []byte, ok bool) { return appendWhole(dst, text, false) }

// AppendNumber is AppendIdentifier for a JSON number, which is one whatever its digits (12e4, 1e3, 1.000).
func AppendNumber(dst, text []byte) (out []byte, ok bool) { return appendWhole(dst, text, true) }

// IsIdentifier says whether AppendIdentifier would leave text as it is.
func IsIdentifier(text []byte) bool {
	if !mayBeFloat(text) {
		return true
	}
	f, isFloat := readFloat(unsigned(text), false)
	return !isFloat || f.exponent < len(f.fraction)
}

func appendWhole(dst, text []byte, isNumber bool) (out []byte, ok bool) {
	if !mayBeFloat(text) {
		return append(dst, text...), true
	}
	rest := unsigned(text)
	f, isFloat := readFloat(rest, isNumber)
	zeros := f.exponent - len(f.fraction)
	switch {
	case !isFloat || zeros < 0: // not whole
		return append(dst, text...), true
	case f.lost, len(f.whole)+f.exponent > len(largestExact):
		return dst, false
	}
	n := len(dst)
	dst = append(dst, text[:len(text)-len(rest)]...)
	start := len(dst)
	dst = append(append(dst, f.whole...), f.fraction...)
	for range zeros {
		dst = append(dst, '0')
	}
	if digits := dst[start:]; len(digits) == len(largestExact) && string(digits) > largestExact {
		return dst[:n], false
	}
	if bare := bytes.TrimLeft(dst[start:], "0"); f.exponent > 0 && len(bare) > 0 { // 0.5e1
		dst = append(dst[:start], bare...)
	}
	return dst, true
}

// float is a floating-point number as it is spelled.
type float struct {
	whole, fraction []byte // fraction without zeros at its end
	exponent        int
	lost            bool // a spreadsheet has shortened it
}

// mayBeFloat says whether text has the length and the ends of such a number, and a mark of one: a quick no for most.
func mayBeFloat(text []byte) bool {
	const longest = 32
	n := len(text)
	if n < 3 || n > longest || !isDigit(text[n-1]) || !isDigit(text[0]) && (text[0] != '+' && text[0] != '-' || !isDigit(text[1])) {
		return false
	}
	for _, b := range text[1:] {
		if !isDigit(b) {
			return b == '.' || b == ',' || b|0x20 == 'e'
		}
	}
	return false
}

func unsigned(text []byte) []byte {
	if text[0] == '+' || text[0] == '-' {
		return text[1:]
	}
	return text
}

// readFloat takes a number apart. In a text that need not be one, an exponent counts only behind a single digit that is no
// zero, with a fraction or a sign: 12E4 and 5e10 are ids.
func readFloat(text []byte, isNumber bool) (f float, isFloat bool) {
	whole := digitsOf(text)
	rest := text[len(whole):]
	var fraction []byte
	point := byte(0)
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		point, fraction = rest[0], digitsOf(rest[1:])
		rest = rest[1+len(fraction):]
	}
	f = float{whole: whole, fraction: bytes.TrimRight(fraction, "0")}
	switch {
	case len(whole) == 0 || point != 0 && len(fraction) == 0:
		return f, false
	case len(rest) == 0:
		thousand := len(whole) <= 3 && len(fraction) == 3
		return f, point == '.' && len(f.fraction) == 0 && (isNumber || !thousand)
	case rest[0]|0x20 != 'e':
		return f, false
	}
	power := rest[1:]
	signed := len(power) > 0 && power[0] == '+'
	if signed {
		power = power[1:]
	}
	if len(power) == 0 || len(power) > 3 || len(digitsOf(power)) != len(power) {
		return f, false
	}
	for _, b := range power {
		f.exponent = f.exponent*10 + int(b-'0')
	}
	f.lost = signed && len(whole)+len(fraction) < len(whole)+f.exponent
	normal := len(whole) == 1 && whole[0] != '0' && (point != 0 || signed)
	return f, isNumber || normal
}

func digitsOf(text []byte) []byte {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return text[:n]
}
