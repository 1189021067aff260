package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// The currency of an event is the nearest that is said: its own, then that of its products, by their member or beside their
// price; the source's default comes last. A sign that several currencies share ($) says none.

// CompleteCurrency gives an event that says no currency that of its products.
func (o *Output) CompleteCurrency() {
	c := &o.Event.Custom
	if !nothing.Is(c.Currency) {
		if !number.IsShared(Trim(c.Currency)) {
			return
		}
		o.Drop(FieldCurrency, Malformed)
	}
	c.Currency = nil
	if !o.mixed {
		c.Currency = o.itemCurrency
	}
}

// addItemCurrency notes the currency of a product. Products that disagree say none, which is counted once.
func (o *Output) addItemCurrency(code []byte) {
	code = Trim(code)
	switch {
	case o.mixed, nothing.Is(code), number.IsShared(code):
	case o.itemCurrency == nil:
		o.itemCurrency = code
	case !isCurrency(o.itemCurrency, code):
		o.mixed = true
		o.Drop(FieldCurrency, Malformed)
	}
}

// isCurrency says whether two texts say one currency (EUR, eur, €).
func isCurrency(a, b []byte) bool {
	if bytes.EqualFold(a, b) {
		return true
	}
	code := number.CurrencyOf(a)
	return code != "" && code == number.CurrencyOf(b)
}

// ClearContents takes back the products that were read, for a sender that says them twice.
func (o *Output) ClearContents() {
	o.Event.Custom.Contents = o.Event.Custom.Contents[:0]
	o.itemCurrency, o.mixed = nil, false
}
