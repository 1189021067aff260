package mapping

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What the orders of shop systems have in common: lines of products, addresses, and values of which the first place that
// has one counts.

// Line is a line of an order, raw: ids best first.
type Line struct {
	IDs             [3][]byte
	Quantity, Price []byte
}

// Lines makes contents, content_ids and num_items of an order's lines. take reads one member.
func (o *Output) Lines(list []byte, take func(key []byte, l *Line, value []byte)) {
	if jsonscan.Kind(list) != 'a' {
		if !IsEmpty(list) {
			o.Drop(FieldContents, Malformed)
		}
		return
	}
	o.Index.Array(list, func(v []byte) bool {
		if jsonscan.Kind(v) != 'o' {
			o.Drop(FieldContents, Malformed)
			return true
		}
		o.line = Line{}
		o.Index.Object(v, func(key, value []byte) bool {
			take(key, &o.line, value)
			return true
		})
		o.addLine(&o.line)
		return true
	})
	o.Cart(true)
}

// addLine adds a line that names its product.
func (o *Output) addLine(l *Line) {
	var id []byte
	for _, v := range l.IDs {
		if t := Trim(o.Text(v)); len(t) > 0 && string(t) != "0" {
			id = t
			break
		}
	}
	if id == nil { // a tip, a fee
		return
	}
	c := o.nextContent()
	c.ID = id
	o.contentNumber(&c.Quantity, l.Quantity)
	o.contentNumber(&c.ItemPrice, l.Price)
}

// IdsOfContents adds content_ids, each product once.
func (o *Output) IdsOfContents() {
	if o.HasMember("content_ids") { // the sender's own
		return
	}
	contents := o.Event.Custom.Contents
	start := len(o.Scratch)
	list := append(o.Scratch, '[')
	for i := range contents {
		if len(contents[i].ID) == 0 || seenContent(contents[:min(i, maxLook)], contents[i].ID) {
			continue
		}
		if len(list) > start+1 {
			list = append(list, ',')
		}
		list = jsonscan.AppendString(list, contents[i].ID)
	}
	o.Scratch = append(list, ']')
	o.Member(keyContentIDs, o.Scratch[start:len(o.Scratch):len(o.Scratch)])
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

// What the carts of customer data platforms and app measurement have in common: products of which a quantity that is not
// said is 1, and values that are a price times a quantity.

// Product is one product of a cart, raw: ids best first.
type Product struct {
	IDs                       [3][]byte
	Quantity, Price, Delivery []byte
}

var keyDelivery = []byte("delivery_category")

// AddProduct adds a product that names itself to contents.
func (o *Output) AddProduct(p *Product) {
	var id []byte
	for _, v := range p.IDs {
		if id = Trim(o.Text(v)); len(id) > 0 {
			break
		}
	}
	if len(id) == 0 {
		return
	}
	c := o.nextContent()
	c.ID = id
	o.contentNumber(&c.Quantity, p.Quantity)
	if c.Quantity == nil {
		c.Quantity = One
	}
	o.contentNumber(&c.ItemPrice, p.Price)
	if !IsEmpty(p.Delivery) {
		c.Members = append(c.Members, capi.Member{Key: keyDelivery, Value: p.Delivery})
	}
}

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
	start := len(o.Scratch)
	o.Scratch = strconv.AppendInt(o.Scratch, int64(items), 10)
	o.UnlessSaid(keyNumItems, o.Scratch[start:len(o.Scratch):len(o.Scratch)])
}
