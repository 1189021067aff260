package mapping

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What the carts of customer data platforms and app measurement have in common: products of which a quantity that is not
// said is 1, and values that are a price times a quantity.

// product is one product of a cart, raw: ids best first.
type product struct {
	ids                       [3][]byte
	quantity, price, delivery []byte
}

var keyDelivery = []byte("delivery_category")

// addProduct adds a product that names itself to contents.
func (o *Output) addProduct(p *product) {
	var id []byte
	for _, v := range p.ids {
		if id = trim(o.text(v)); len(id) > 0 {
			break
		}
	}
	if len(id) == 0 {
		return
	}
	c := o.nextContent()
	c.ID = id
	o.contentNumber(&c.Quantity, p.quantity)
	if c.Quantity == nil {
		c.Quantity = one
	}
	o.contentNumber(&c.ItemPrice, p.price)
	if !isEmpty(p.delivery) {
		c.Members = append(c.Members, capi.Member{Key: keyDelivery, Value: p.delivery})
	}
}

var (
	keyContentType = []byte("content_type")
	keyNumItems    = []byte("num_items")
	typeProduct    = []byte(`"product"`)
)

// cart adds what is said of contents as a whole: content_type, content_ids and, if count, num_items.
func (o *Output) cart(count bool) {
	contents := o.Event.Custom.Contents
	if len(contents) == 0 {
		return
	}
	o.unlessSaid(keyContentType, typeProduct)
	o.idsOfContents()
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
	start := len(o.scratch)
	o.scratch = strconv.AppendInt(o.scratch, int64(items), 10)
	o.unlessSaid(keyNumItems, o.scratch[start:len(o.scratch):len(o.scratch)])
}

// unlessSaid adds a member that the event does not have.
func (o *Output) unlessSaid(key, value []byte) {
	if !o.hasMember(string(key)) {
		o.member(key, value)
	}
}

// productValue gives a product's event that says no value the sum of its prices; a list that was only looked at has none.
func (o *Output) productValue(in *Input, meta []byte) {
	switch string(meta) {
	case "ViewContent":
		if len(o.Event.Custom.Contents) == 1 {
			o.valueOfProducts(in)
		}
	case "AddToCart", "AddToWishlist":
		o.valueOfProducts(in)
	}
}

// valueOfProducts is the sum of the prices where the event says no value and somebody a currency.
func (o *Output) valueOfProducts(in *Input) {
	c := &o.Event.Custom
	if c.Value == nil && len(c.Contents) > 0 && (len(c.Currency) > 0 || in.Currency != "") {
		c.Value = o.total()
	}
}

// maxFactor bounds the digits of a price and of a quantity that are multiplied.
const maxFactor = 18

// times is price × quantity as decimal text, nil if one of them is none. A quantity of 1 changes nothing.
func (o *Output) times(price, quantity []byte) []byte {
	if len(price) == 0 || string(quantity) == "1" {
		return price
	}
	a, places, ok := scaled(price)
	b, more, ok2 := scaled(quantity)
	high, n := bits.Mul64(a, b)
	if !ok || !ok2 || high != 0 {
		return nil
	}
	var room [2*maxFactor + 2]byte
	digits := strconv.AppendUint(room[:0], n, 10)
	if places += more; places == 0 {
		return o.kept(digits)
	}
	for len(digits) <= places {
		digits = slices.Insert(digits, 0, '0')
	}
	return o.kept(slices.Insert(digits, len(digits)-places, '.'))
}

// scaled reads a plain decimal as an integer and how many of its digits are behind the point.
func scaled(t []byte) (n uint64, places int, ok bool) {
	if len(t) == 0 || len(t) > maxFactor {
		return 0, 0, false
	}
	point := false
	for _, c := range t {
		switch {
		case '0' <= c && c <= '9':
			n = n*10 + uint64(c-'0')
			if point {
				places++
			}
		case c == '.' && !point:
			point = true
		default:
			return 0, 0, false
		}
	}
	return n, places, true
}

// kept copies a text into the scratch.
func (o *Output) kept(text []byte) []byte {
	start := len(o.scratch)
	o.scratch = append(o.scratch, text...)
	return o.scratch[start:len(o.scratch):len(o.scratch)]
}

// said is take for a member that may be missing.
func (o *Output) said(dst *[]byte, field string, value []byte) {
	if value != nil {
		o.take(dst, field, value)
	}
}

// scalar adds a text or a number as text; what is neither stays out.
func (o *Output) scalar(key string, value []byte) {
	if k := jsonscan.Kind(value); k == 's' || k == 'n' {
		o.string([]byte(key), value)
	}
}
