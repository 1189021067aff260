package mapping

import (
	"bytes"
	"math/bits"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// SetValue sets what the event is worth, as people and programs write money. A currency beside the amount is the event's, if
// the event says none itself. What cannot be read is dropped by name, and no other value is made up for it; an empty one, and a
// program's word for nothing, says nothing.
func (o *Output) SetValue(value []byte) {
	if IsEmpty(value) {
		return
	}
	d, currency := o.money(value)
	c := &o.Event.Custom
	switch {
	case d != nil:
		if c.Value = d; currency != "" && len(c.Currency) == 0 {
			c.Currency = o.Keep([]byte(currency))
		}
	case jsonscan.Kind(value) == 's' && isNoAmount(o.Text(value)):
		o.Drop(FieldValue, Malformed)
	default:
		o.UnreadValue()
	}
}

// UnreadValue says that the sender said what the event is worth, and it could not be read.
func (o *Output) UnreadValue() {
	o.unread.value = true
	o.Drop(FieldValue, Malformed)
}

// LacksValue says whether the event says no value, none that could not be read either: only then it may be worth what its
// products are.
func (o *Output) LacksValue() bool { return o.Event.Custom.Value == nil && !o.unread.value }

// isNoAmount knows the words for nothing. NaN is none of them: a script had a total, and could not read it either.
func isNoAmount(text []byte) bool {
	return nothing.Is(text) && !bytes.EqualFold(Trim(text), []byte("nan"))
}

// SetMinorValue sets what the event is worth by an amount in a currency's smallest unit: places of its digits are behind the
// point.
func (o *Output) SetMinorValue(value []byte, places int) {
	amount := o.Decimal(value)
	negative := len(amount) > 0 && amount[0] == '-'
	if negative {
		amount = amount[1:]
	}
	whole, fraction, _ := bytes.Cut(amount, []byte{'.'})
	if amount = whole; len(amount) == 0 || len(bytes.Trim(fraction, "0")) > 0 { // 1990.0 counts cents, 19.90 does not
		o.UnreadValue()
		return
	}
	if len(amount) <= places {
		amount = o.Keep([]byte("0000")[:places+1-len(amount)], amount)
	}
	point := len(amount) - places
	o.Event.Custom.Value = o.canonical(negative, amount[:point], amount[point:])
}

// SetCartValueFor is SetCartValue for the events, by Meta's names, that are worth their products: something was put into a
// cart or on a wish list, or one product was looked at. A list that was only looked at is worth nothing.
func (o *Output) SetCartValueFor(in *Input, meta []byte) {
	switch string(meta) {
	case "ViewContent":
		if len(o.Event.Custom.Contents) == 1 {
			o.SetCartValue(in)
		}
	case "AddToCart", "AddToWishlist":
		o.SetCartValue(in)
	}
}

// SetCartValue makes the sum of the contents' prices the event's value if the event says none at all, and their currency is known.
func (o *Output) SetCartValue(in *Input) {
	c := &o.Event.Custom
	if !o.LacksValue() || len(c.Contents) == 0 {
		return
	}
	o.CompleteCurrency()
	switch {
	case o.mixed, o.unread.quantity: // counted already
	case len(o.itemCurrency) > 0 && !isCurrency(o.itemCurrency, Trim(c.Currency)):
		o.Drop(FieldValue, Malformed) // prices in another currency than the event's
	case len(c.Currency) > 0 || in.Currency != "":
		c.Value = o.total()
	}
}

// total is what contents cost together as decimal text; nil if one of them has no price that can be read.
func (o *Output) total() []byte {
	const maxPlaces = 6
	var sum uint64 // of 10^-maxPlaces
	for i := range o.Event.Custom.Contents {
		c := &o.Event.Custom.Contents[i]
		quantity := c.Quantity
		if quantity == nil {
			quantity = One
		}
		n, places, ok := scaled(o.Multiply(c.ItemPrice, quantity))
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
