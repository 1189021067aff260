package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// contents reads the list of products; a single object is a list of one.
func (o *Output) contents(value []byte) {
	switch jsonscan.Kind(value) {
	case 'a':
		o.Index.Array(value, func(v []byte) bool {
			o.content(v)
			return true
		})
	case 'o':
		o.content(value)
	case 'z':
	default:
		o.drop(fieldContents, malformed)
	}
}

func (o *Output) content(value []byte) {
	switch jsonscan.Kind(value) {
	case 'o':
	case 'z':
		return
	default:
		o.drop(fieldContents, malformed)
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
		c.ID = o.text(v)
		if c.ID == nil && !isEmpty(v) {
			o.drop(fieldContents, malformed)
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
		if !isEmpty(v) {
			c.Members = append(c.Members, capi.Member{Key: o.key(key), Value: v})
		}
	}
}

func (o *Output) contentNumber(dst *[]byte, v []byte) {
	if isEmpty(v) {
		return
	}
	if d := o.decimal(v); d != nil {
		*dst = d
		return
	}
	o.drop(fieldContents, malformed)
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
