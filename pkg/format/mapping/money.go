package mapping

import (
	"math/bits"
	"slices"
	"strconv"
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
