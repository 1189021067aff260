package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCurrencyOfProducts: the event's currency goes before that of its products; products that disagree say none, and what
// they cost together is said only in their own currency.
func TestCurrencyOfProducts(t *testing.T) {
	priced := func(key []byte, p *Product, value []byte) {
		switch string(key) {
		case "id":
			p.IDs[0] = value
		case "price":
			p.Price = value
		case "quantity":
			p.Quantity = value
		case "currency":
			p.Currency = value
		}
	}
	for _, c := range []struct {
		name, own, value, list, currency, worth string
		dropped                                 []Dropped
	}{
		{"theirs", "", "", `[{"id":1,"price":5,"currency":"EUR"},{"id":2,"price":6,"currency":"eur"},{"id":3,"price":0}]`, "EUR", "11", nil},
		{"the event's", "EUR", "", `[{"id":1,"price":5,"currency":"EUR"}]`, "EUR", "5", nil},
		{"the event's with a value", "USD", "7", `[{"id":1,"price":5,"currency":"EUR"}]`, "USD", "7", nil},
		{"prices in another", "USD", "", `[{"id":1,"price":5,"currency":"EUR"}]`, "USD", "", []Dropped{{FieldValue, Malformed}}},
		{"they disagree", "", "", `[{"id":1,"price":5,"currency":"EUR"},{"id":2,"price":6,"currency":"USD"},{"id":3,"price":6,"currency":"GBP"}]`, "", "", []Dropped{{FieldCurrency, Malformed}}},
		{"no value of one", "undefined", "", `[{"id":1,"price":5,"currency":"null"},{"id":2,"price":6,"currency":"EUR"}]`, "EUR", "11", nil},
		{"beside their price", "", "", `[{"id":1,"price":"5,00 €"},{"id":2,"price":"6 EUR"}]`, "EUR", "11", nil},
		{"a sign and its code", "EUR", "", `[{"id":1,"price":5,"currency":"€"}]`, "EUR", "5", nil},
		{"beside their price in another", "USD", "", `[{"id":1,"price":"5,00 €"}]`, "USD", "", []Dropped{{FieldValue, Malformed}}},
		{"of a shared sign", "$", "7", `[{"id":1,"price":5,"currency":"CAD"}]`, "CAD", "7", []Dropped{{FieldCurrency, Malformed}}},
		{"with a shared sign", "", "", `[{"id":1,"price":"$5","currency":"$"},{"id":1,"price":5,"currency":"CAD"}]`, "CAD", "10", nil},
		{"of a quantity that is none", "EUR", "", `[{"id":1,"price":5,"quantity":"2 pcs"}]`, "EUR", "", []Dropped{{FieldContents, Malformed}}},
		{"nobody's", "", "7", `[{"id":1,"price":5}]`, "", "7", nil},
		{"of what is no product", "", "7", `[{"price":5,"currency":"EUR"}]`, "EUR", "7", nil},
	} {
		o := new(Output)
		e := &o.Event.Custom
		e.Currency = []byte(c.own)
		if c.value != "" {
			e.Value = []byte(c.value)
		}
		o.AddProducts([]byte(c.list), priced)
		o.SetCartValue(&Input{})
		o.CompleteCurrency()
		if string(e.Currency) != c.currency || string(e.Value) != c.worth {
			t.Errorf("%s: %s %s, want %s %s", c.name, e.Value, e.Currency, c.worth, c.currency)
		}
		if diff := cmp.Diff(c.dropped, o.Dropped); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		o.ClearContents()
		if o.AddProducts([]byte(`[{"id":1,"currency":"CHF"}]`), priced); string(o.itemCurrency) != "CHF" || o.mixed {
			t.Errorf("%s: cleared products still say %s", c.name, o.itemCurrency)
		}
	}
}
