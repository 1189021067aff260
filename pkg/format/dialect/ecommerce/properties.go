package ecommerce

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Members of custom_data, and the content_type of a list that was looked at.
var (
	keyContentCategory = []byte("content_category")
	keyContentIDs      = []byte("content_ids")
	keyContentName     = []byte("content_name")
	keyPredictedLTV    = []byte("predicted_ltv")
	keyStatus          = []byte("status")
	typeGroup          = []byte(`"product_group"`)
)

// Properties are the properties of Segment's e-commerce spec that Meta has a use for, raw.
type Properties struct {
	revenue, value, total, price []byte
	currency, order, products    []byte
	single                       mapping.Product // the properties themselves, of a product's event
	name, category, query        []byte
	ActionSource, URL            []byte
	Fbp, Fbc, CtwaClid           []byte
	Email, Phone                 []byte
	ltv, status                  []byte
}

// Read finds the properties in a call's; the last of equal names counts. What they say of how the event may be used is read
// into o.
func (p *Properties) Read(o *mapping.Output, obj []byte) {
	o.Object(obj, func(key, value []byte) bool {
		switch dst := p.field(key); {
		case dst == nil:
			o.ReadWish(key, value)
		case !mapping.IsEmpty(value):
			*dst = value
		}
		return true
	})
}

func (p *Properties) field(key []byte) *[]byte {
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
		return &p.single.IDs[0]
	case "sku":
		return &p.single.IDs[1]
	case "id":
		return &p.single.IDs[2]
	case "quantity":
		return &p.single.Quantity
	case "delivery_category":
		return &p.single.Delivery
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

func (p *Properties) rare(key []byte) *[]byte {
	switch string(key) {
	case "action_source":
		return &p.ActionSource
	case "url":
		return &p.URL
	case "fbp", "_fbp":
		return &p.Fbp
	case "fbc", "_fbc":
		return &p.Fbc
	case "ctwa_clid":
		return &p.CtwaClid
	case "email":
		return &p.Email
	case "phone":
		return &p.Phone
	case "predicted_ltv":
		return &p.ltv
	case "status":
		return &p.status
	}
	return nil
}

// Fill makes custom_data; meta is Meta's name of the event, which says what its value is.
func (p *Properties) Fill(in *mapping.Input, o *mapping.Output, meta []byte) {
	c := &o.Event.Custom
	o.SetText(&c.Currency, mapping.FieldCurrency, p.currency)
	o.AddScalar(mapping.KeyOrderID, p.order)
	o.AddScalar(mapping.KeySearchString, p.query)
	o.AddNumber(keyPredictedLTV, p.ltv)
	switch string(meta) {
	case "PageView":
		return
	case "CompleteRegistration":
		o.AddScalar(keyStatus, p.status)
	}
	o.AddScalar(keyContentCategory, p.category)
	p.contents(o, string(meta))
	p.worth(o, string(meta))
	o.SetCartValueFor(in, meta)
}

// ofProduct says whether an event's properties may be a product's own: id is an order's or anything's elsewhere.
func ofProduct(meta string) bool {
	return meta == "AddToCart" || meta == "AddToWishlist" || meta == "ViewContent"
}

// contents are the products, else the properties themselves, else the category of a list.
func (p *Properties) contents(o *mapping.Output, meta string) {
	o.AddProducts(p.products, takeProduct)
	if !ofProduct(meta) {
		p.single.IDs[2] = nil
	}
	if len(o.Event.Custom.Contents) == 0 && (p.single.IDs[0] != nil || p.single.IDs[1] != nil || p.single.IDs[2] != nil) {
		p.single.Price = p.price
		o.AddProduct(&p.single)
		o.AddScalar(keyContentName, p.name)
	}
	switch category := jsonscan.Kind(p.category); {
	case len(o.Event.Custom.Contents) > 0:
		o.SummarizeCart(true)
	case meta == "ViewContent" && (category == 's' || category == 'n'):
		o.AddContentIDs(keyContentIDs, p.category)
		o.AddMember(mapping.KeyContentType, typeGroup)
	}
}

// takeProduct reads a member of a product.
func takeProduct(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "product_id", "productId":
		p.IDs[0] = value
	case "sku":
		p.IDs[1] = value
	case "id":
		p.IDs[2] = value
	case "quantity":
		p.Quantity = value
	case "price":
		p.Price = value
	case "currency":
		p.Currency = value
	case "delivery_category":
		p.Delivery = value
	}
}

// worth sets the value: of a product's event its price times its quantity, of others the revenue, each unless value says
// more.
func (p *Properties) worth(o *mapping.Output, meta string) {
	if ofProduct(meta) {
		if p.value != nil || p.price == nil {
			o.SetValue(p.value)
			return
		}
		quantity := mapping.One
		if p.single.Quantity != nil {
			quantity = o.Decimal(p.single.Quantity)
		}
		if o.Event.Custom.Value = o.Multiply(o.Decimal(p.price), quantity); o.Event.Custom.Value == nil {
			o.UnreadValue()
		}
		return
	}
	o.SetValue(mapping.First(p.revenue, p.value, p.total))
}
