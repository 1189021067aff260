// Package google is the vocabulary of Google's tags and Measurement Protocol: parameters, people, products, consent, event
// names, and how their requests are answered and named.
package google

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// What the formats of tag managers have in common (ga4.mp, ga4.gtag, stape): Google's names of parameters, people and
// products.

// Param reads a parameter of an event, of which its products, order and person may be told in several ways; facts says whether
// the sender may speak for the visitor's browser. Parameters that Meta has no place for are the site's own dimensions: they
// stay out.
func (h *Hit) Param(o *mapping.Output, key, value []byte, facts bool) {
	c := &o.Event.Custom
	switch string(key) {
	case "page_location":
		o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, value)
	case "page_referrer":
		o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, value)
	case "page_hostname":
		o.Browser.Host = o.Text(value)
	case "page_path":
		o.Browser.Path = o.Text(value)
	case "value":
		o.SetValue(value)
	case "currency":
		o.SetText(&c.Currency, mapping.FieldCurrency, value)
	case "transaction_id":
		setText(o, mapping.KeyOrderID, value)
	case "search_term":
		setText(o, mapping.KeySearchString, value)
	case "items":
		h.Items(o, o.Embedded(value))
	case "ecommerce":
		h.ecommerce(o, o.Embedded(value), facts)
	case "user_data", "userData", "enhanced_conversion_data":
		o.ReadUser(value, facts)
	case "user_data._tag_mode": // how the tag came by the person
	default:
		if !o.ReadWish(key, value) && !h.Consent(key, value) && !h.order.member(key, value) && !o.ReadUserPath(key, value, facts) {
			h.metaParam(o, key, value, facts)
		}
	}
}

// setText adds a member that tags may say twice, beside the event and within it: what is read last counts.
func setText(o *mapping.Output, key, value []byte) {
	if mapping.IsEmpty(value) {
		return
	}
	list := o.Event.Custom.Members
	o.Event.Custom.Members = slices.DeleteFunc(list, func(m capi.Member) bool { return string(m.Key) == string(key) })
	o.AddString(key, value)
}

// metaParam reads what Meta's own server tag takes from any event: x-fb-ud-* match keys, x-fb-cd-* custom data and
// x-fb-ck-* cookies.
func (h *Hit) metaParam(o *mapping.Output, key, value []byte, facts bool) {
	const prefix = "x-fb-"
	if len(key) <= len(prefix)+3 || string(key[:len(prefix)]) != prefix {
		return
	}
	rest := key[len(prefix):]
	switch string(rest[:3]) {
	case "ud-":
		o.ReadUserMember(rest[3:], value, facts)
	case "cd-":
		if string(rest[3:]) == "contents" && !mapping.IsEmpty(value) {
			o.ClearContents()
			h.settled = true
		}
		fbpixel.Custom(o, rest[3:], value)
	case "ck-":
		switch string(rest[3:]) {
		case "fbp":
			fbpixel.OwnCookie(o, &o.Browser.Fbp, value)
		case "fbc":
			fbpixel.OwnCookie(o, &o.Browser.Fbc, value)
		}
	}
}

// Items reads the list of products. Tags have it beside the event and in its ecommerce: the list read last counts.
func (h *Hit) Items(o *mapping.Output, list []byte) {
	if h.settled {
		return
	}
	if list = o.Embedded(list); !mapping.IsEmpty(list) {
		o.ClearContents()
	}
	o.AddProducts(list, itemMember)
}

// Item adds a product unless contents were said for Meta; false: it was not added.
func (h *Hit) Item(o *mapping.Output, p *mapping.Product) bool { return !h.settled && o.AddProduct(p) }

// itemMember reads a member of a product, by its name of today or that of Universal Analytics.
func itemMember(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "item_id":
		p.IDs[0] = value
	case "id":
		p.IDs[1] = value
	case "sku":
		p.IDs[1] = mapping.First(p.IDs[1], value)
	case "item_name", "name":
		p.IDs[2] = mapping.First(p.IDs[2], value)
	case "price":
		p.Price = value
	case "quantity":
		p.Quantity = value
	case "currency":
		p.Currency = value
	case "item_brand", "brand":
		p.Brand = mapping.First(p.Brand, value)
	case "item_category", "category":
		p.Category = mapping.First(p.Category, value)
	}
}

var typeGroup = []byte(`"product_group"`)

// Cart completes custom_data by what is known of all products: ids, their number, and what they cost together where the event
// says no value. A list that was only looked at is a group without a price.
func (h *Hit) Cart(o *mapping.Output, in *mapping.Input) {
	h.order.complete(h, o, in)
	c := &o.Event.Custom
	if len(c.Contents) == 0 {
		return
	}
	switch string(o.Event.Name) {
	case "view_item_list":
		o.AddMissing(mapping.KeyContentType, typeGroup)
		o.AddIDsOfContents()
	case "view_search_results":
		o.SummarizeCart(true)
	default:
		o.SummarizeCart(true)
		o.SetCartValue(in)
	}
}
