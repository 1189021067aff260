package mapping

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// AddOrderLines adds the lines of a shop's order to contents and summarizes them. take reads one member of a line.
func (o *Output) AddOrderLines(list []byte, take func(key []byte, p *Product, value []byte)) {
	o.addProducts(list, Product{OrderLine: true}, take)
	o.SummarizeCart(true)
}

// AddProducts adds the products of a list to contents. take reads one member of a product.
func (o *Output) AddProducts(list []byte, take func(key []byte, p *Product, value []byte)) {
	o.addProducts(list, Product{}, take)
}

// addProducts drops by name what should be a list and is none, and elements that are no objects. empty is what a product is
// before its members are read.
func (o *Output) addProducts(list []byte, empty Product, take func(key []byte, p *Product, value []byte)) {
	if !o.Elements(list, func(v []byte) {
		if jsonscan.Kind(v) == 'o' {
			o.readProduct(v, empty, take)
		} else {
			o.Drop(FieldContents, Malformed)
		}
	}) {
		o.Drop(FieldContents, Malformed)
	}
}

// ReadProduct adds one object as a product to contents. take reads one member; false: there is no id in it.
func (o *Output) ReadProduct(obj []byte, take func(key []byte, p *Product, value []byte)) (added bool) {
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

// AddProduct adds a product to contents; false: it has no id and was not added.
func (o *Output) AddProduct(p *Product) (added bool) {
	o.addItemCurrency(o.Text(p.Currency))
	id := o.productID(p)
	if id == nil {
		return false
	}
	c := o.nextContent()
	c.ID = id
	_, unread := o.contentNumber(&c.Quantity, p.Quantity)
	if o.unread.quantity = o.unread.quantity || unread; c.Quantity == nil && !p.OrderLine && !unread {
		c.Quantity = One
	}
	if beside, _ := o.contentNumber(&c.ItemPrice, p.Price); beside != "" && len(p.Currency) == 0 {
		o.addItemCurrency(o.Keep([]byte(beside)))
	}
	for _, m := range [...]capi.Member{{Key: keyDelivery, Value: p.Delivery}, {Key: keyBrand, Value: p.Brand}, {Key: keyCategory, Value: p.Category}} {
		if !IsEmpty(m.Value) {
			c.Members = append(c.Members, m)
		}
	}
	return true
}

// productID is the first of a product's ids that is one; that it had none but what is no id is said by name.
func (o *Output) productID(p *Product) []byte {
	none := ""
	for _, v := range p.IDs {
		switch id, reason := o.ID(o.onlyElement(v), true); {
		case len(id) > 0 && (!p.OrderLine || string(id) != "0"):
			return id
		case reason != "":
			none = reason
		}
	}
	if none != "" {
		o.Drop(FieldContents, none)
	}
	return nil
}

var (
	keyDelivery = []byte("delivery_category")
	keyBrand    = []byte("brand")
	keyCategory = []byte("category")
)

var (
	keyContentIDs = []byte("content_ids")
	keyNumItems   = []byte("num_items")
)

// TypeProduct is the content_type of products, raw JSON.
var TypeProduct = []byte(`"product"`)

// SummarizeCart adds what custom_data says of all contents together: content_type, content_ids and, if count, num_items.
func (o *Output) SummarizeCart(count bool) {
	contents := o.Event.Custom.Contents
	if len(contents) == 0 {
		return
	}
	o.AddMissing(KeyContentType, TypeProduct)
	o.AddIDsOfContents()
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
	o.AddMissing(keyNumItems, o.Since(mark))
}

// AddIDsOfContents makes content_ids of contents, each product once.
func (o *Output) AddIDsOfContents() {
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
	o.AddMember(keyContentIDs, list.End())
}

// maxLook bounds how far a repeated product is looked for: a repeat in the list harms nobody.
const maxLook = 64

// seenContent says whether a product is among earlier ones.
func seenContent(earlier []capi.Content, id []byte) bool {
	for i := range earlier {
		if bytes.Equal(earlier[i].ID, id) {
			return true
		}
	}
	return false
}
