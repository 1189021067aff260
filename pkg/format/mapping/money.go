package mapping

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

func (o *Output) Value(value []byte) {
	if IsEmpty(value) {
		return
	}
	d := o.Decimal(value)
	if d == nil {
		o.Drop(FieldValue, Malformed)
		return
	}
	o.Event.Custom.Value = d
}

// total is what the products cost together as decimal text; nil if one has no price or no readable one.
func (o *Output) total() []byte {
	const maxPlaces = 6
	var sum uint64 // of 10^-maxPlaces
	for i := range o.Event.Custom.Contents {
		c := &o.Event.Custom.Contents[i]
		quantity := c.Quantity
		if quantity == nil {
			quantity = One
		}
		n, places, ok := scaled(o.Times(c.ItemPrice, quantity))
		if !ok || places > maxPlaces {
			return nil
		}
		high, n := bits.Mul64(n, powers[maxPlaces-places])
		total, carry := bits.Add64(sum, n, 0)
		if high != 0 || carry != 0 {
			return nil
		}
		sum = total
	}
	var room [24]byte
	digits := strconv.AppendUint(room[:0], sum, 10)
	for len(digits) <= maxPlaces {
		digits = slices.Insert(digits, 0, '0')
	}
	point := len(digits) - maxPlaces
	for len(digits) > point && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	if len(digits) > point {
		digits = slices.Insert(digits, point, '.')
	}
	return o.Keep(digits)
}

var powers = [...]uint64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}

// ProductValue gives a product's event that says no value the sum of its prices; a list that was only looked at has none.
func (o *Output) ProductValue(in *Input, meta []byte) {
	switch string(meta) {
	case "ViewContent":
		if len(o.Event.Custom.Contents) == 1 {
			o.ValueOfProducts(in)
		}
	case "AddToCart", "AddToWishlist":
		o.ValueOfProducts(in)
	}
}

// ValueOfProducts is the sum of the prices where the event says no value and somebody a currency.
func (o *Output) ValueOfProducts(in *Input) {
	c := &o.Event.Custom
	if c.Value == nil && len(c.Contents) > 0 && (len(c.Currency) > 0 || in.Currency != "") {
		c.Value = o.total()
	}
}

// maxFactor bounds the digits of a price and of a quantity that are multiplied.
const maxFactor = 18

// Times is price × quantity as decimal text, nil if one of them is none. A quantity of 1 changes nothing.
func (s *Scratch) Times(price, quantity []byte) []byte {
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

// Decimal reads a number or a numeric text as JSON number text: "142.52", 59.9, "+5", ".5". Texts with units, grouping
// or a decimal comma are none: nil.
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

// MinorValue takes a value that is an amount in a currency's smallest unit, of whose digits places are behind the point.
func (o *Output) MinorValue(value []byte, places int) {
	amount := o.Text(value)
	negative := len(amount) > 0 && amount[0] == '-'
	if negative {
		amount = amount[1:]
	}
	if len(amount) == 0 || Digits(amount) != len(amount) {
		o.Drop(FieldValue, Malformed)
		return
	}
	if len(amount) <= places {
		amount = o.Keep([]byte("0000")[:places+1-len(amount)], amount)
	}
	point := len(amount) - places
	o.Event.Custom.Value = o.canonical(negative, amount[:point], amount[point:])
}

// canonical writes a number as JSON wants it: no leading zeros, a digit before the point and none of it bare.
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
