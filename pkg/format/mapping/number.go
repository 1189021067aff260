package mapping

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Decimal reads a number or a numeric text ("142.52", 59.9, "+5", ".5") as the text of a JSON number. A text with a unit,
// grouping or a decimal comma is none: nil.
func (s *Scratch) Decimal(value []byte) []byte {
	t := s.Text(value)
	if jsonscan.Kind(value) == 'n' {
		return t
	}
	t = Trim(t)
	negative := len(t) > 0 && t[0] == '-'
	if len(t) > 0 && (t[0] == '+' || t[0] == '-') {
		t = t[1:]
	}
	whole := Digits(t)
	rest := t[whole:]
	fraction := 0
	if len(rest) > 0 && rest[0] == '.' {
		fraction = Digits(rest[1:])
		rest = rest[1+fraction:]
	}
	if len(rest) > 0 || whole+fraction == 0 {
		return nil
	}
	if plain := whole > 0 && (whole == 1 || t[0] != '0') && t[len(t)-1] != '.'; plain && !negative {
		return t
	}
	return s.canonical(negative, t[:whole], t[len(t)-fraction:])
}

// canonical writes a number as JSON wants it: no leading zeros, and digits on both sides of a point.
func (s *Scratch) canonical(negative bool, whole, fraction []byte) []byte {
	var sign, point []byte
	if negative {
		sign = []byte("-")
	}
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	if len(whole) == 0 {
		whole = Zero
	}
	if len(fraction) > 0 {
		point = []byte(".")
	}
	return s.Keep(sign, whole, point, fraction)
}

// Multiply is price × quantity as decimal text; nil if one of them is no plain decimal, but a quantity of 1 leaves any price.
func (s *Scratch) Multiply(price, quantity []byte) []byte {
	if len(price) == 0 || string(quantity) == "1" {
		return price
	}
	a, places, ok := scaled(price)
	b, more, ok2 := scaled(quantity)
	high, n := bits.Mul64(a, b)
	if !ok || !ok2 || high != 0 {
		return nil
	}
	var room [2*maxFactor + 2]byte
	digits := strconv.AppendUint(room[:0], n, 10)
	if places += more; places == 0 {
		return s.Keep(digits)
	}
	for len(digits) <= places {
		digits = slices.Insert(digits, 0, '0')
	}
	return s.Keep(slices.Insert(digits, len(digits)-places, '.'))
}

// maxFactor bounds the digits of a price and of a quantity that are multiplied.
const maxFactor = 18

// scaled reads a plain decimal as an integer and how many of its digits are behind the point.
func scaled(t []byte) (n uint64, places int, ok bool) {
	if len(t) == 0 || len(t) > maxFactor {
		return 0, 0, false
	}
	point := false
	for _, c := range t {
		switch {
		case '0' <= c && c <= '9':
			n = n*10 + uint64(c-'0')
			if point {
				places++
			}
		case c == '.' && !point:
			point = true
		default:
			return 0, 0, false
		}
	}
	return n, places, true
}
