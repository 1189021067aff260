package ga4gtag

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Mapper maps the hits of Google's own tag on a page (ga4.gtag): the fields of /g/collect as they are named, all of
// them texts. The visitor's browser sends them at once: their time is the arrival.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	out.ReadBrowser(in.Raw)
	var h google.Hit
	out.Index.Object(in.Raw.Context, func(key, value []byte) bool {
		h.Field(out, key, value)
		return true
	})
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if isProduct(key) {
			gtagItem(out, &h, out.Text(out.FirstElement(value)))
			return true
		}
		h.Field(out, key, value)
		return true
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case mapping.IsEmpty(h.Name):
		return fault.New(fault.MissingField, google.FieldName)
	}
	if err := out.ReadName(h.Name); err != nil {
		return fault.New(fault.InvalidField, google.FieldName)
	}
	h.Cart(out, in)
	h.ReadConsent(out)
	out.CompleteVisit(in.Raw.Time)
	return nil
}

// isProduct says whether a field is pr1 … pr200.
func isProduct(key []byte) bool {
	return len(key) > 2 && key[0] == 'p' && key[1] == 'r' && mapping.Digits(key[2:]) == len(key)-2
}

// cutValue cuts the next of a product's values: they are joined by ~, which is doubled within one.
func cutValue(o *mapping.Output, text []byte) (value, rest []byte) {
	value, rest, found := bytes.Cut(text, []byte{'~'})
	if !found || len(rest) == 0 || rest[0] != '~' {
		return value, rest
	}
	mark := o.Mark()
	for found && len(rest) > 0 && rest[0] == '~' {
		o.Keep(value, []byte{'~'})
		value, rest, found = bytes.Cut(rest[1:], []byte{'~'})
	}
	o.Keep(value)
	return o.Since(mark), rest
}

// gtagItem reads a product: values joined by ~, each with two letters that say what it is, or, of the site's own names, k and a
// number before the name and v and the number before the value.
func gtagItem(o *mapping.Output, h *google.Hit, text []byte) {
	var p mapping.Product
	var currency []byte // the number of the site's own name for it
	for len(text) > 0 {
		var part []byte
		part, text = cutValue(o, text)
		if len(part) <= 2 {
			continue
		}
		switch string(part[:2]) {
		case "id":
			p.IDs[0] = o.Quoted(part[2:])
		case "nm":
			p.IDs[1] = o.Quoted(part[2:])
		case "pr":
			p.Price = o.Quoted(part[2:])
		case "qt":
			p.Quantity = o.Quoted(part[2:])
		case "br":
			p.Brand = o.Quoted(part[2:])
		case "ca":
			p.Category = o.Quoted(part[2:])
		default:
			switch number := part[1 : 1+mapping.Digits(part[1:])]; {
			case part[0] == 'k' && string(part[1+len(number):]) == "currency":
				currency = number
			case part[0] == 'v' && len(number) > 0 && bytes.Equal(number, currency):
				p.Currency = o.Quoted(part[1+len(number):])
			}
		}
	}
	if !h.Item(o, &p) {
		o.Drop(mapping.FieldContents, mapping.Malformed)
	}
}
