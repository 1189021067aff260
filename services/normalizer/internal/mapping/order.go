package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What the orders of shop systems have in common: lines of products, addresses, and values of which the first place that
// has one counts.

// line is a line of an order, raw: ids best first.
type line struct {
	ids             [3][]byte
	quantity, price []byte
}

// lines makes contents, content_ids and num_items of an order's lines. take reads one member.
func (o *Output) lines(list []byte, take func(key []byte, l *line, value []byte)) {
	if jsonscan.Kind(list) != 'a' {
		if !isEmpty(list) {
			o.drop(fieldContents, malformed)
		}
		return
	}
	o.Index.Array(list, func(v []byte) bool {
		if jsonscan.Kind(v) != 'o' {
			o.drop(fieldContents, malformed)
			return true
		}
		o.line = line{}
		o.Index.Object(v, func(key, value []byte) bool {
			take(key, &o.line, value)
			return true
		})
		o.addLine(&o.line)
		return true
	})
	o.cart(true)
}

// addLine adds a line that names its product.
func (o *Output) addLine(l *line) {
	var id []byte
	for _, v := range l.ids {
		if t := trim(o.text(v)); len(t) > 0 && string(t) != "0" {
			id = t
			break
		}
	}
	if id == nil { // a tip, a fee
		return
	}
	c := o.nextContent()
	c.ID = id
	o.contentNumber(&c.Quantity, l.quantity)
	o.contentNumber(&c.ItemPrice, l.price)
}

// idsOfContents adds content_ids, each product once.
func (o *Output) idsOfContents() {
	if o.hasMember("content_ids") { // the sender's own
		return
	}
	contents := o.Event.Custom.Contents
	start := len(o.scratch)
	list := append(o.scratch, '[')
	for i := range contents {
		if len(contents[i].ID) == 0 || seenContent(contents[:min(i, maxLook)], contents[i].ID) {
			continue
		}
		if len(list) > start+1 {
			list = append(list, ',')
		}
		list = jsonscan.AppendString(list, contents[i].ID)
	}
	o.scratch = append(list, ']')
	o.member(keyContentIDs, o.scratch[start:len(o.scratch):len(o.scratch)])
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

// place is an address with the person at it, raw.
type place struct{ first, last, email, phone, city, zip, state, country []byte }

// placeOf reads an address. take reads one member.
func (o *Output) placeOf(obj []byte, take func(key []byte, p *place, value []byte)) place {
	o.place = place{}
	if jsonscan.Kind(obj) == 'o' {
		o.Index.Object(obj, func(key, value []byte) bool {
			take(key, &o.place, value)
			return true
		})
	}
	return o.place
}

var (
	keyContentIDs = []byte("content_ids")

	physicalStore   = []byte("physical_store")
	systemGenerated = []byte("system_generated")
	website         = []byte("website")
)

// empty says whether the address says nothing of where.
func (p *place) empty() bool {
	return isEmpty(p.city) && isEmpty(p.zip) && isEmpty(p.state) && isEmpty(p.country)
}

// orderID adds order_id, a text or a number as text; what is neither stays out.
func (o *Output) orderID(value []byte) {
	if k := jsonscan.Kind(value); !isEmpty(value) && (k == 's' || k == 'n') {
		o.string(keyOrderID, value)
	}
}

// located adds where the address is.
func (o *Output) located(p *place) {
	o.firstValue(identity.Ct, p.city)
	o.firstValue(identity.St, p.state)
	o.firstValue(identity.Zp, p.zip)
	o.firstValue(identity.Country, p.country)
}

// firstValue adds the first value that says something.
func (o *Output) firstValue(k identity.Key, values ...[]byte) {
	for _, v := range values {
		if !isEmpty(v) {
			o.userValue(k, v)
			return
		}
	}
}

// joined is a text of parts in the scratch.
func (o *Output) joined(before string, middle []byte, after string) []byte {
	start := len(o.scratch)
	o.scratch = append(append(append(o.scratch, before...), middle...), after...)
	return o.scratch[start:len(o.scratch):len(o.scratch)]
}
