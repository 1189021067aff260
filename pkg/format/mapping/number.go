package mapping

import (
	"bytes"
	"math/bits"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// Decimal reads a number or a text (142.52, "+5", "1,234.50", "59,90 €", "1.5e2") as plain decimal text, a JSON number. A text
// that is none, or that can be read as two numbers ("1,234"), is nil; so is any other value. See number.AppendDecimal.
func (s *Scratch) Decimal(value []byte) []byte {
	d, _ := s.money(value)
	return d
}

// money is Decimal, and the currency that a text says beside the amount; "" none.
func (s *Scratch) money(value []byte) (decimal []byte, currency string) {
	if isPlain(value) {
		return value, ""
	}
	t := s.Text(value)
	if isPlain(t) {
		return t, ""
	}
	isNumber := jsonscan.Kind(value) == 'n'
	if isNumber && !bytes.ContainsAny(t, "eE") {
		return t, ""
	}
	mark := s.Mark()
	out, currency, ok := number.AppendMoney(*s, t, 0)
	*s = out
	switch {
	case ok:
		return s.Since(mark), currency
	case isNumber: // too large or small to be an amount of anything
		return t, ""
	}
	return nil, ""
}

// isPlain knows digits with one point among them, which need not be written again.
func isPlain(t []byte) bool {
	whole := Digits(t)
	if whole == 0 || whole > 20 || whole > 1 && t[0] == '0' {
		return false
	}
	rest := t[whole:]
	return len(rest) == 0 || rest[0] == '.' && len(rest) > 1 && Digits(rest[1:]) == len(rest)-1
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
