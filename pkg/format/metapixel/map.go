package metapixel

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Mapper maps what Meta's image pixel sends (meta.pixel): the fields of /tr/ as they are named, all of them texts,
// lists of texts where a field was repeated.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	out.ReadBrowser(in.Raw)
	var err error
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		err = pixelField(in, out, key, value)
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	out.CompleteVisit(in.Raw.Time)
	return nil
}

func pixelField(in *mapping.Input, o *mapping.Output, key, value []byte) error {
	switch string(key) {
	case "ev":
		return o.ReadName(o.FirstElement(value))
	case "ts":
		o.ReadTime(in.Zone, o.FirstElement(value))
	case "dl":
		o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, o.FirstElement(value))
	case "rl":
		o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, o.FirstElement(value))
	case "fbp":
		fbpixel.OwnCookie(o, &o.Browser.Fbp, o.FirstElement(value))
	case "fbc":
		fbpixel.OwnCookie(o, &o.Browser.Fbc, o.FirstElement(value))
	case "ud": // all of it, as JSON
		o.ReadUser(o.FirstElement(value), false)
	default:
		if o.ReadPermission(key, value) { // dpo, dpoco, dpost
			break
		}
		if k := within(key, "cd["); k != nil {
			fbpixel.Custom(o, k, value)
		} else if k := within(key, "ud["); k != nil {
			o.ReadUserMember(k, value, false)
		} else if k := within(key, "udff["); k != nil { // found in the page's forms
			o.ReadUserMember(k, value, false)
		}
	}
	return nil // the pixel's own bookkeeping
}

// within is the name between prefix and ], nil if the key is not so.
func within(key []byte, prefix string) []byte {
	if len(key) <= len(prefix)+1 || string(key[:len(prefix)]) != prefix || key[len(key)-1] != ']' {
		return nil
	}
	return key[len(prefix) : len(key)-1]
}
