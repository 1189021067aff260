// Package fbpixel is what Meta's Pixel says wherever it says it: custom data as texts, its cookies, its event names.
package fbpixel

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// OwnCookie takes the pixel's word for its cookie before the request's Cookie header, if it is such a cookie.
func OwnCookie(o *mapping.Output, dst *[]byte, value []byte) {
	if t := o.Text(value); identity.IsClick(t) {
		*dst = t
	}
}

// Custom reads a member of custom_data: lists and objects come as JSON in a text, lists of ids with commas, too.
func Custom(o *mapping.Output, key, value []byte) {
	switch string(key) {
	case "contents":
		if jsonscan.Kind(value) == 'a' {
			o.Index.Array(value, func(v []byte) bool {
				o.ReadContents(o.Embedded(v))
				return true
			})
			return
		}
		o.ReadContents(o.Embedded(value))
	case "content_ids":
		o.AddContentIDs(key, idList(o, value))
	default:
		if bytes.IndexByte(key, '[') >= 0 { // cd[a][b]: Meta has no such member
			o.Drop(mapping.FieldCustom, mapping.Unknown)
			return
		}
		o.ReadCustomMember(key, o.Embedded(o.FirstElement(value)))
	}
}

// idList is a list of ids: as JSON in a text, as texts, or with commas between them.
func idList(o *mapping.Output, value []byte) []byte {
	value = o.Embedded(value)
	if jsonscan.Kind(value) != 's' || bytes.IndexByte(value, ',') < 0 {
		return value
	}
	rest := o.Text(value)
	list := o.List()
	for len(rest) > 0 {
		var id []byte
		id, rest, _ = bytes.Cut(rest, []byte{','})
		if id = mapping.Trim(id); len(id) > 0 {
			list.AddText(id)
		}
	}
	return list.End()
}
