package google

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// order is what Universal Analytics said of an event, and plugins that speak as it did (gtm4wp) still say: the order in members
// of its own (transactionId, transactionTotal, transactionProducts), or in the data layer's ecommerce under what was done with
// the products (enhanced ecommerce: purchase, add, detail, …). What Analytics of today says of the same goes before it.
type order struct {
	id, total, currency, products []byte
	impressions                   []byte
	actions                       [numActions][]byte
	acted                         bool // one of actions is said
}

// action is what was done with products.
type action int

const (
	purchase action = iota
	checkout
	checkoutOption
	add
	detail
	click
	numActions // also: none of them
)

func actionOf(name []byte) action {
	switch string(name) {
	case "purchase":
		return purchase
	case "checkout":
		return checkout
	case "checkout_option":
		return checkoutOption
	case "add":
		return add
	case "detail":
		return detail
	case "click":
		return click
	}
	return numActions
}

// member reads a member of an event; false: it is none of these.
func (r *order) member(key, value []byte) bool {
	switch string(key) {
	case "transactionId":
		r.id = mapping.First(value, r.id)
	case "transactionTotal":
		r.total = mapping.First(value, r.total)
	case "transactionProducts":
		r.products = mapping.First(value, r.products)
	case "transactionCurrency", "currencyCode", "currency_code":
		r.currency = mapping.First(value, r.currency)
	default:
		return false
	}
	return true
}

// ecommerce reads the data layer's object of that name.
func (h *Hit) ecommerce(o *mapping.Output, obj []byte, facts bool) {
	o.Index.Object(obj, func(key, value []byte) bool {
		if a := actionOf(key); a != numActions {
			h.order.actions[a], h.order.acted = value, true
		} else if string(key) == "impressions" {
			h.order.impressions = value
		} else {
			h.Param(o, key, value, facts)
		}
		return true
	})
}

// complete adds to an event what it does not say in the names of today.
func (r *order) complete(h *Hit, o *mapping.Output, in *mapping.Input) {
	if r.acted {
		meta, _, _ := in.MetaName(Names, o)
		r.action(o, r.done(string(meta)), string(meta) == "Purchase")
	}
	if string(o.Event.Name) == "view_item_list" {
		r.products = mapping.First(r.products, r.impressions)
	}
	c := &o.Event.Custom
	if len(c.Currency) == 0 {
		o.SetText(&c.Currency, mapping.FieldCurrency, r.currency)
	}
	if c.Value == nil {
		o.SetValue(r.total)
	}
	if !mapping.IsEmpty(r.id) && !o.HasMember(string(mapping.KeyOrderID)) {
		o.AddString(mapping.KeyOrderID, r.id)
	}
	if len(c.Contents) == 0 {
		h.Items(o, o.Embedded(r.products))
	}
}

// done is what the event says was done: by Meta's name of it, else the only thing that it says. A data layer keeps what
// earlier events of the page said.
func (r *order) done(meta string) []byte {
	var own []action
	switch meta {
	case "Purchase":
		own = []action{purchase}
	case "InitiateCheckout", "AddPaymentInfo":
		own = []action{checkout, checkoutOption}
	case "AddToCart", "AddToWishlist":
		own = []action{add}
	case "ViewContent":
		own = []action{detail, click}
	}
	for _, a := range own {
		if !mapping.IsEmpty(r.actions[a]) {
			return r.actions[a]
		}
	}
	var only []byte
	for _, said := range r.actions {
		if mapping.IsEmpty(said) {
			continue
		}
		if only != nil {
			return nil
		}
		only = said
	}
	return only
}

// action reads what was done: its products and, of a sale, the order.
func (r *order) action(o *mapping.Output, obj []byte, sale bool) {
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "products":
			r.products = mapping.First(value, r.products)
		case "actionField":
			if sale {
				r.id = mapping.First(o.Index.Get(value, "id"), r.id)
				r.total = mapping.First(o.Index.Get(value, "revenue"), r.total)
			}
		}
		return true
	})
}
