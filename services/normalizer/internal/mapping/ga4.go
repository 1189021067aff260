package mapping

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What the formats of tag managers have in common (ga4.mp, ga4.gtag, stape): Google's names of parameters, people and
// products.

// googleParam reads a parameter of an event; facts: see user. Parameters that Meta has no place for are the site's own
// dimensions: they stay out.
func (o *Output) googleParam(key, value []byte, facts bool) {
	c := &o.Event.Custom
	switch string(key) {
	case "page_location":
		o.take(&o.Event.SourceURL, fieldSourceURL, value)
	case "page_referrer":
		o.take(&o.Event.ReferrerURL, fieldReferrerURL, value)
	case "value":
		o.value(value)
	case "currency":
		o.take(&c.Currency, fieldCurrency, value)
	case "transaction_id":
		o.once(keyOrderID, value)
	case "search_term":
		o.once(keySearch, value)
	case "items":
		o.googleItems(value)
	case "user_data":
		o.googleUser(value)
	default:
		o.metaParam(key, value, facts)
	}
}

var (
	keyOrderID  = []byte("order_id")
	keySearch   = []byte("search_string")
	keyBrand    = []byte("brand")
	keyCategory = []byte("category")
)

// metaParam reads what Meta's own server tag takes from any event: x-fb-ud-* match keys, x-fb-cd-* custom data and
// x-fb-ck-* cookies.
func (o *Output) metaParam(key, value []byte, facts bool) {
	const prefix = "x-fb-"
	if len(key) <= len(prefix)+3 || string(key[:len(prefix)]) != prefix {
		return
	}
	rest := key[len(prefix):]
	switch string(rest[:3]) {
	case "ud-":
		o.userMember(rest[3:], value, facts)
	case "cd-":
		if string(rest[3:]) == "contents" && !isEmpty(value) {
			o.Event.Custom.Contents, o.settled = o.Event.Custom.Contents[:0], true
		}
		o.pixelCustom(rest[3:], value)
	case "ck-":
		switch string(rest[3:]) {
		case "fbp":
			o.ownCookie(&o.Browser.Fbp, value)
		case "fbc":
			o.ownCookie(&o.Browser.Fbc, value)
		}
	}
}

// googleUser reads user_data as Google wants it: in clear, or as SHA-256. Google hashes phones with their plus, so such a
// hash is none of Meta's.
func (o *Output) googleUser(obj []byte) {
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "email_address", "email":
			o.userValues(identity.Em, value)
		case "phone_number", "phone":
			o.userValues(identity.Ph, value)
		case "sha256_email_address":
			o.hashed(identity.Em, value)
		case "sha256_phone_number":
			if !isEmpty(value) {
				o.drop(identity.Ph.String(), malformed)
			}
		case "address":
			if jsonscan.Kind(value) == 'a' {
				o.Index.Array(value, func(v []byte) bool {
					o.googleAddress(v)
					return true
				})
				return true
			}
			o.googleAddress(value)
		}
		return true
	})
}

func (o *Output) googleAddress(obj []byte) {
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "first_name":
			o.userValues(identity.Fn, value)
		case "last_name":
			o.userValues(identity.Ln, value)
		case "sha256_first_name":
			o.hashed(identity.Fn, value)
		case "sha256_last_name":
			o.hashed(identity.Ln, value)
		case "city":
			o.userValues(identity.Ct, value)
		case "region":
			o.userValues(identity.St, value)
		case "postal_code":
			o.userValues(identity.Zp, value)
		case "country":
			o.userValues(identity.Country, value)
		}
		return true
	})
}

// hashed adds values that are declared as hashes: what is none is dropped, not hashed.
func (o *Output) hashed(k identity.Key, value []byte) {
	if jsonscan.Kind(value) == 'a' {
		o.Index.Array(value, func(v []byte) bool {
			o.hashed(k, v)
			return true
		})
		return
	}
	if t := o.text(value); t != nil {
		o.Event.User.Add(k, identity.DeclaredHashed, t)
	} else if !isEmpty(value) {
		o.drop(k.String(), malformed)
	}
}

// googleItems reads the list of products. Tags have it beside the event and in its ecommerce: the list read last counts.
func (o *Output) googleItems(list []byte) {
	if o.settled {
		return
	}
	if jsonscan.Kind(list) == 'a' && !isEmpty(list) {
		o.Event.Custom.Contents = o.Event.Custom.Contents[:0]
	}
	ok := o.Index.Array(list, func(v []byte) bool {
		var p product
		var brand, category []byte
		if !o.Index.Object(v, func(key, value []byte) bool {
			switch string(key) {
			case "item_id":
				p.ids[0] = value
			case "item_name":
				p.ids[1] = value
			case "price":
				p.price = value
			case "quantity":
				p.quantity = value
			case "item_brand":
				brand = value
			case "item_category":
				category = value
			}
			return true
		}) {
			o.drop(fieldContents, malformed)
			return true
		}
		o.googleItem(&p, brand, category)
		return true
	})
	if !ok && !isEmpty(list) {
		o.drop(fieldContents, malformed)
	}
}

func (o *Output) googleItem(p *product, brand, category []byte) {
	if o.settled {
		return
	}
	before := len(o.Event.Custom.Contents)
	if o.addProduct(p); len(o.Event.Custom.Contents) == before {
		return
	}
	c := &o.Event.Custom.Contents[before]
	if !isEmpty(brand) {
		c.Members = append(c.Members, capi.Member{Key: keyBrand, Value: brand})
	}
	if !isEmpty(category) {
		c.Members = append(c.Members, capi.Member{Key: keyCategory, Value: category})
	}
}

var typeGroup = []byte(`"product_group"`)

// googleCart says what is known of all products: ids, their number, and what they cost together where the event says no
// value. A list that was only looked at is a group without a price.
func (o *Output) googleCart(in *Input) {
	c := &o.Event.Custom
	if len(c.Contents) == 0 {
		return
	}
	switch string(o.Event.Name) {
	case "view_item_list":
		o.unlessSaid(keyContentType, typeGroup)
		o.idsOfContents()
	case "view_search_results":
		o.cart(true)
	default:
		o.cart(true)
		o.valueOfProducts(in)
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
			quantity = one
		}
		n, places, ok := scaled(o.times(c.ItemPrice, quantity))
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
	return o.kept(digits)
}

var powers = [...]uint64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}
