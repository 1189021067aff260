package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadContents reads contents as Meta has them: a list of products; a single object is a list of one.
func (o *Output) ReadContents(value []byte) {
	if !o.Elements(value, o.content) {
		o.Drop(FieldContents, Malformed)
	}
}

// content adds one product as Meta has it.
func (o *Output) content(value []byte) {
	if jsonscan.Kind(value) != 'o' {
		o.Drop(FieldContents, Malformed)
		return
	}
	c := o.nextContent()
	o.Index.Object(value, func(key, v []byte) bool {
		o.contentMember(c, key, v)
		return true
	})
}

func (o *Output) contentMember(c *capi.Content, key, v []byte) {
	switch string(key) {
	case "id":
		if c.ID = nil; jsonscan.Kind(v) == 's' && isPlainID(v) {
			c.ID = v[1 : len(v)-1 : len(v)-1]
			return
		}
		id, reason := o.ID(o.onlyElement(v), true)
		if c.ID = id; reason != "" {
			o.Drop(FieldContents, reason)
		}
	case "quantity":
		o.contentNumber(&c.Quantity, v)
	case "item_price":
		o.contentNumber(&c.ItemPrice, v)
	case "price": // the offline page's name
		if c.ItemPrice == nil {
			o.contentNumber(&c.ItemPrice, v)
		}
	default:
		if !IsEmpty(v) {
			c.Members = append(c.Members, capi.Member{Key: o.Key(key), Value: v})
		}
	}
}

// contentNumber sets dst to a number; what is none is dropped by name, and unread says so. currency is one beside it.
func (o *Output) contentNumber(dst *[]byte, v []byte) (currency string, unread bool) {
	if isPlain(v) {
		*dst = v
		return "", false
	}
	if IsEmpty(v) {
		return "", false
	}
	v = o.onlyElement(v)
	d, currency := o.money(v)
	if d != nil {
		*dst = d
		return currency, false
	}
	o.Drop(FieldContents, Malformed)
	return "", !IsEmpty(v) && (jsonscan.Kind(v) != 's' || !isNoAmount(o.Text(v)))
}

// nextContent appends an element and reuses the memory of one of an earlier event.
func (o *Output) nextContent() *capi.Content {
	list := o.Event.Custom.Contents
	if len(list) < cap(list) {
		list = list[:len(list)+1]
		c := &list[len(list)-1]
		*c = capi.Content{Members: c.Members[:0]}
	} else {
		list = append(list, capi.Content{})
	}
	o.Event.Custom.Contents = list
	return &list[len(list)-1]
}
