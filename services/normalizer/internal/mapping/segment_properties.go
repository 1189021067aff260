package mapping

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// segmentProperties are the properties of Segment's e-commerce spec that Meta has a use for, raw.
type segmentProperties struct {
	revenue, value, total, price       []byte
	currency, order, products          []byte
	single                             product // the properties themselves, of a product's event
	name, category, query              []byte
	actionSource, url                  []byte
	fbp, fbc, ctwaClid                 []byte
	ltv, status                        []byte
	options, optCountry, optState, out []byte
}

func (p *segmentProperties) read(o *Output, obj []byte) {
	if jsonscan.Kind(obj) != 'o' {
		return
	}
	o.Index.Object(obj, func(key, value []byte) bool {
		dst := p.field(key)
		if string(key) == fieldOptions && dst != nil { // [] says: off
			*dst = value
		} else if dst != nil && !isEmpty(value) {
			*dst = value
		}
		return true
	})
}

func (p *segmentProperties) field(key []byte) *[]byte {
	switch string(key) {
	case "revenue":
		return &p.revenue
	case "value":
		return &p.value
	case "total":
		return &p.total
	case "price":
		return &p.price
	case "currency":
		return &p.currency
	case "order_id", "orderId":
		return &p.order
	case "products":
		return &p.products
	case "product_id", "productId":
		return &p.single.ids[0]
	case "sku":
		return &p.single.ids[1]
	case "id":
		return &p.single.ids[2]
	case "quantity":
		return &p.single.quantity
	case "delivery_category":
		return &p.single.delivery
	case "name":
		return &p.name
	case "category":
		return &p.category
	case "query":
		return &p.query
	default:
		return p.rare(key)
	}
}

func (p *segmentProperties) rare(key []byte) *[]byte {
	switch string(key) {
	case "action_source":
		return &p.actionSource
	case "url":
		return &p.url
	case "fbp", "_fbp":
		return &p.fbp
	case "fbc", "_fbc":
		return &p.fbc
	case "ctwa_clid":
		return &p.ctwaClid
	case "predicted_ltv":
		return &p.ltv
	case "status":
		return &p.status
	case fieldOptions:
		return &p.options
	case fieldOptCountry:
		return &p.optCountry
	case fieldOptState:
		return &p.optState
	case fieldOptOut:
		return &p.out
	}
	return nil
}

// fill makes custom_data; meta is Meta's name of the event, which says what its value is.
func (p *segmentProperties) fill(in *Input, o *Output, meta []byte) {
	c := &o.Event.Custom
	o.said(&c.Currency, fieldCurrency, p.currency)
	o.scalar("order_id", p.order)
	o.scalar("search_string", p.query)
	o.number([]byte("predicted_ltv"), p.ltv)
	p.privacy(o)
	switch string(meta) {
	case "PageView":
		return
	case "CompleteRegistration":
		o.scalar("status", p.status)
	}
	o.scalar("content_category", p.category)
	p.contents(o, string(meta))
	p.worth(o, string(meta))
	o.productValue(in, meta)
}

// ofProduct says whether an event's properties may be a product's own: id is an order's or anything's elsewhere.
func ofProduct(meta string) bool {
	return meta == "AddToCart" || meta == "AddToWishlist" || meta == "ViewContent"
}

// privacy takes Limited Data Use and opt_out as Meta has them.
func (p *segmentProperties) privacy(o *Output) {
	for _, m := range [...]struct {
		key   string
		value []byte
	}{{fieldOptions, p.options}, {fieldOptCountry, p.optCountry}, {fieldOptState, p.optState}} {
		if m.value != nil {
			o.processing([]byte(m.key), m.value)
		}
	}
	o.optOut(p.out)
}

// contents are the products, else the properties themselves, else the category of a list.
func (p *segmentProperties) contents(o *Output, meta string) {
	if jsonscan.Kind(p.products) == 'a' {
		o.Index.Array(p.products, func(v []byte) bool {
			var one product
			if o.Index.Object(v, one.take) {
				o.addProduct(&one)
			} else {
				o.drop(fieldContents, malformed)
			}
			return true
		})
	}
	if !ofProduct(meta) {
		p.single.ids[2] = nil
	}
	if len(o.Event.Custom.Contents) == 0 && (p.single.ids[0] != nil || p.single.ids[1] != nil || p.single.ids[2] != nil) {
		p.single.price = p.price
		o.addProduct(&p.single)
		o.scalar("content_name", p.name)
	}
	switch category := jsonscan.Kind(p.category); {
	case len(o.Event.Custom.Contents) > 0:
		o.cart(true)
	case meta == "ViewContent" && (category == 's' || category == 'n'):
		o.contentIDs([]byte("content_ids"), p.category)
		o.member(keyContentType, []byte(`"product_group"`))
	}
}

// take reads a member of a product.
func (p *product) take(key, value []byte) bool {
	switch string(key) {
	case "product_id", "productId":
		p.ids[0] = value
	case "sku":
		p.ids[1] = value
	case "id":
		p.ids[2] = value
	case "quantity":
		p.quantity = value
	case "price":
		p.price = value
	case "delivery_category":
		p.delivery = value
	}
	return true
}

// worth sets the value: of a product's event its price times its quantity, of others the revenue, each unless value says
// more.
func (p *segmentProperties) worth(o *Output, meta string) {
	if ofProduct(meta) {
		if p.value != nil || p.price == nil {
			o.value(p.value)
			return
		}
		quantity := one
		if p.single.quantity != nil {
			quantity = o.decimal(p.single.quantity)
		}
		if o.Event.Custom.Value = o.times(o.decimal(p.price), quantity); o.Event.Custom.Value == nil {
			o.drop(fieldValue, malformed)
		}
		return
	}
	o.value(firstOf(p.revenue, p.value, p.total))
}
