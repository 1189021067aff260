// Package google is the vocabulary of Google's tags and Measurement Protocol: parameters, people, products, consent, event
// names, and how their requests are answered and named.
package google

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What the formats of tag managers have in common (ga4.mp, ga4.gtag, stape): Google's names of parameters, people and
// products.

// Param reads a parameter of an event; facts says whether the sender may speak for the visitor's browser. Parameters that
// Meta has no place for are the site's own dimensions: they stay out.
func (h *Hit) Param(o *mapping.Output, key, value []byte, facts bool) {
	c := &o.Event.Custom
	switch string(key) {
	case "page_location":
		o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, value)
	case "page_referrer":
		o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, value)
	case "value":
		o.SetValue(value)
	case "currency":
		o.SetText(&c.Currency, mapping.FieldCurrency, value)
	case "transaction_id":
		setText(o, mapping.KeyOrderID, value)
	case "search_term":
		setText(o, mapping.KeySearchString, value)
	case "items":
		h.Items(o, value)
	case "user_data":
		User(o, value)
	default:
		h.metaParam(o, key, value, facts)
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
			o.Event.Custom.Contents, h.settled = o.Event.Custom.Contents[:0], true
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

// User reads user_data as Google wants it: in clear, or as SHA-256. Google hashes phones with their plus, so such a
// hash is none of Meta's.
func User(o *mapping.Output, obj []byte) {
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "email_address", "email":
			o.AddUserValues(identity.Em, value)
		case "phone_number", "phone":
			o.AddUserValues(identity.Ph, value)
		case "sha256_email_address":
			hashed(o, identity.Em, value)
		case "sha256_phone_number":
			if !mapping.IsEmpty(value) {
				o.Drop(identity.Ph.String(), mapping.Malformed)
			}
		case "address":
			if jsonscan.Kind(value) == 'a' {
				o.Index.Array(value, func(v []byte) bool {
					googleAddress(o, v)
					return true
				})
				return true
			}
			googleAddress(o, value)
		}
		return true
	})
}

// googleAddress reads an address of user_data.
func googleAddress(o *mapping.Output, obj []byte) {
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "first_name":
			o.AddUserValues(identity.Fn, value)
		case "last_name":
			o.AddUserValues(identity.Ln, value)
		case "sha256_first_name":
			hashed(o, identity.Fn, value)
		case "sha256_last_name":
			hashed(o, identity.Ln, value)
		case "city":
			o.AddUserValues(identity.Ct, value)
		case "region":
			o.AddUserValues(identity.St, value)
		case "postal_code":
			o.AddUserValues(identity.Zp, value)
		case "country":
			o.AddUserValues(identity.Country, value)
		}
		return true
	})
}

// hashed adds values that are declared as hashes: what is none is dropped, not hashed.
func hashed(o *mapping.Output, k identity.Key, value []byte) {
	if jsonscan.Kind(value) == 'a' {
		o.Index.Array(value, func(v []byte) bool {
			hashed(o, k, v)
			return true
		})
		return
	}
	if t := o.Text(value); t != nil {
		o.Event.User.Add(k, identity.DeclaredHashed, t)
	} else if !mapping.IsEmpty(value) {
		o.Drop(k.String(), mapping.Malformed)
	}
}

// Items reads the list of products. Tags have it beside the event and in its ecommerce: the list read last counts.
func (h *Hit) Items(o *mapping.Output, list []byte) {
	if h.settled {
		return
	}
	if jsonscan.Kind(list) == 'a' && !mapping.IsEmpty(list) {
		o.Event.Custom.Contents = o.Event.Custom.Contents[:0]
	}
	o.AddProducts(list, itemMember)
}

// Item adds a product unless contents were said for Meta; false: it was not added.
func (h *Hit) Item(o *mapping.Output, p *mapping.Product) bool { return !h.settled && o.AddProduct(p) }

// itemMember reads a member of a product.
func itemMember(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "item_id":
		p.IDs[0] = value
	case "item_name":
		p.IDs[1] = value
	case "price":
		p.Price = value
	case "quantity":
		p.Quantity = value
	case "item_brand":
		p.Brand = value
	case "item_category":
		p.Category = value
	}
}

var typeGroup = []byte(`"product_group"`)

// Cart completes custom_data by what is known of all products: ids, their number, and what they cost together where the event
// says no value. A list that was only looked at is a group without a price.
func Cart(o *mapping.Output, in *mapping.Input) {
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
