package mapping

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// OrderLines adds the lines of a shop's order, and content_type, content_ids and num_items of them. take reads one member.
func (o *Output) OrderLines(list []byte, take func(key []byte, p *Product, value []byte)) {
	o.products(list, Product{OrderLine: true}, take)
	o.Cart(true)
}

// Products adds the products of a list. take reads one member.
func (o *Output) Products(list []byte, take func(key []byte, p *Product, value []byte)) {
	o.products(list, Product{}, take)
}

// products drops, by name, a list that is none and what in it is no object.
func (o *Output) products(list []byte, empty Product, take func(key []byte, p *Product, value []byte)) {
	if jsonscan.Kind(list) != 'a' {
		if !IsEmpty(list) {
			o.Drop(FieldContents, Malformed)
		}
		return
	}
	o.Index.Array(list, func(v []byte) bool {
		if jsonscan.Kind(v) == 'o' {
			o.readProduct(v, empty, take)
		} else {
			o.Drop(FieldContents, Malformed)
		}
		return true
	})
}

// Product adds the product that an object is; false: it is no object, or it names no product. take reads one member.
func (o *Output) Product(obj []byte, take func(key []byte, p *Product, value []byte)) (added bool) {
	return o.readProduct(obj, Product{}, take)
}

func (o *Output) readProduct(obj []byte, empty Product, take func(key []byte, p *Product, value []byte)) (added bool) {
	o.product = empty
	o.Index.Object(obj, func(key, value []byte) bool {
		take(key, &o.product, value)
		return true
	})
	return o.AddProduct(&o.product)
}

// AddProduct adds a product to contents if it has an id.
func (o *Output) AddProduct(p *Product) (added bool) {
	id := o.productID(p)
	if id == nil {
		return false
	}
	c := o.nextContent()
	c.ID = id
	o.contentNumber(&c.Quantity, p.Quantity)
	if c.Quantity == nil && !p.OrderLine {
		c.Quantity = One
	}
	o.contentNumber(&c.ItemPrice, p.Price)
	for _, m := range [...]capi.Member{{Key: keyDelivery, Value: p.Delivery}, {Key: keyBrand, Value: p.Brand}, {Key: keyCategory, Value: p.Category}} {
		if !IsEmpty(m.Value) {
			c.Members = append(c.Members, m)
		}
	}
	return true
}

// productID is the first of a product's ids that is one.
func (o *Output) productID(p *Product) []byte {
	for _, v := range p.IDs {
		if id := Trim(o.Text(v)); len(id) > 0 && !(p.OrderLine && string(id) == "0") {
			return id
		}
	}
	return nil
}

var (
	keyDelivery = []byte("delivery_category")
	keyBrand    = []byte("brand")
	keyCategory = []byte("category")
)

var (
	KeyContentType = []byte("content_type")
	keyNumItems    = []byte("num_items")
	TypeProduct    = []byte(`"product"`)
)

// Cart adds what is said of contents as a whole: content_type, content_ids and, if count, num_items.
func (o *Output) Cart(count bool) {
	contents := o.Event.Custom.Contents
	if len(contents) == 0 {
		return
	}
	o.UnlessSaid(KeyContentType, TypeProduct)
	o.IdsOfContents()
	if !count {
		return
	}
	items := 0
	for i := range contents {
		n, err := strconv.Atoi(string(contents[i].Quantity))
		if err != nil || n < 0 || n > 1_000_000 {
			return // a weight, or no count
		}
		items += n
	}
	mark := o.Mark()
	o.Scratch = strconv.AppendInt(o.Scratch, int64(items), 10)
	o.UnlessSaid(keyNumItems, o.Since(mark))
}

// IdsOfContents adds content_ids, each product once.
func (o *Output) IdsOfContents() {
	if o.HasMember("content_ids") { // the sender's own
		return
	}
	contents := o.Event.Custom.Contents
	list := o.List()
	for i := range contents {
		if len(contents[i].ID) > 0 && !seenContent(contents[:min(i, maxLook)], contents[i].ID) {
			list.AddText(contents[i].ID)
		}
	}
	o.Member(keyContentIDs, list.End())
}

// maxLook bounds how far a repeated product is looked for: a repeat in the list harms nobody.
const maxLook = 64

func seenContent(earlier []capi.Content, id []byte) bool {
	for i := range earlier {
		if bytes.Equal(earlier[i].ID, id) {
			return true
		}
	}
	return false
}

var keyContentIDs = []byte("content_ids")
