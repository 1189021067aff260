package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// The currency of an event is the nearest that is said: its own, then that of its products; the source's default comes last.

// CompleteCurrency gives an event that says no currency that of its products.
func (o *Output) CompleteCurrency() {
	c := &o.Event.Custom
	if !nothing.Is(c.Currency) {
		return
	}
	c.Currency = nil
	if !o.mixed {
		c.Currency = o.itemCurrency
	}
}

// addItemCurrency notes the currency of a product. Products that disagree say none, which is counted once.
func (o *Output) addItemCurrency(value []byte) {
	code := Trim(o.Text(value))
	switch {
	case o.mixed, nothing.Is(code):
	case o.itemCurrency == nil:
		o.itemCurrency = code
	case !bytes.EqualFold(o.itemCurrency, code):
		o.mixed = true
		o.Drop(FieldCurrency, Malformed)
	}
}

// ClearContents takes back the products that were read, for a sender that says them twice.
func (o *Output) ClearContents() {
	o.Event.Custom.Contents = o.Event.Custom.Contents[:0]
	o.itemCurrency, o.mixed = nil, false
}
