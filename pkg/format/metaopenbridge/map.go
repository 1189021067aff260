package metaopenbridge

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps the copies of its events that the real Meta Pixel posts (fbq('set','openbridge',…)). They say no time: it is
// that of their arrival.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	out.ReadBrowser(in.Raw)
	var err error
	var conversion, products []byte
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "conversion_value":
			conversion = value
		case "fb.dynamic_product_ads":
			products = value
		default:
			err = pixelMember(in, out, key, value)
		}
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	fillFrom(out, conversion)
	fillFrom(out, products)
	out.CompleteVisit(in.Raw.Time)
	return nil
}

func pixelMember(in *mapping.Input, o *mapping.Output, key, value []byte) error {
	switch string(key) {
	case "event_name":
		return o.ReadName(value)
	case "event_time":
		o.ReadTime(in.Zone, value)
	case "custom_data":
		pixelData(o, value)
	case "website_context":
		o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, o.Index.Get(value, "location"))
		o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, o.Index.Get(value, "referrer"))
	case "fb.advanced_matching":
		o.ReadUser(value, false)
	case "fb.fbp":
		fbpixel.OwnCookie(o, &o.Browser.Fbp, value)
	case "fb.clickID":
		fbpixel.OwnCookie(o, &o.Browser.Fbc, value)
	default:
		o.ReadPermission(key, value)
	}
	return nil // the pixel's own bookkeeping
}

// pixelData reads custom_data, in which some shops have lists as JSON in a text.
func pixelData(o *mapping.Output, obj []byte) {
	if mapping.IsEmpty(obj) {
		return
	}
	if !o.Object(obj, func(key, value []byte) bool {
		if name := string(key); jsonscan.Kind(value) == 's' && (name == "contents" || name == "content_ids") {
			fbpixel.Custom(o, key, value)
		} else {
			o.ReadCustomMember(key, value)
		}
		return true
	}) {
		o.Drop(mapping.FieldCustom, mapping.Malformed)
	}
}

// fillFrom takes value, currency and products that custom_data does not have.
func fillFrom(o *mapping.Output, obj []byte) {
	c := &o.Event.Custom
	o.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "value":
			if o.LacksValue() {
				o.SetValue(value)
			}
		case "currency":
			if c.Currency == nil {
				o.SetText(&c.Currency, mapping.FieldCurrency, value)
			}
		case "contents":
			if len(c.Contents) == 0 {
				o.ReadContents(value)
			}
		case "content_ids":
			if !o.HasMember("content_ids") {
				o.AddContentIDs(key, value)
			}
		case "content_type":
			if !o.HasMember("content_type") {
				o.AddString(key, value)
			}
		}
		return true
	})
}
