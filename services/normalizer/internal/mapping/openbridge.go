package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// openBridgeMapper maps the copies of its events that the real Meta Pixel posts (fbq('set','openbridge',…)). It says no
// time: the arrival is it.
type openBridgeMapper struct{}

func (openBridgeMapper) Default() string { return "website" }

// Names drops the pixel's automatic events, which Meta's own receivers do not forward either.
func (openBridgeMapper) Names() *Names { return pixelNames }

func (openBridgeMapper) Map(in *Input, out *Output) error {
	out.browser(in.Raw)
	var err error
	var conversion, products []byte
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "conversion_value":
			conversion = value
		case "fb.dynamic_product_ads":
			products = value
		default:
			err = out.pixelMember(key, value)
		}
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	out.fillFrom(conversion)
	out.fillFrom(products)
	out.visited(in.Raw.Time)
	return nil
}

func (o *Output) pixelMember(key, value []byte) error {
	switch string(key) {
	case "event_name":
		return o.name(value)
	case "event_time":
		return o.eventTime(value)
	case "custom_data":
		o.pixelData(value)
	case "website_context":
		o.said(&o.Event.SourceURL, fieldSourceURL, o.Index.Get(value, "location"))
		o.said(&o.Event.ReferrerURL, fieldReferrerURL, o.Index.Get(value, "referrer"))
	case "fb.advanced_matching":
		if jsonscan.Kind(value) != 'o' { // the pixel had nothing to match by
			return nil
		}
		return o.user(value, "fb.advanced_matching", false)
	case "fb.fbp":
		o.ownCookie(&o.Browser.Fbp, value)
	case "fb.clickID":
		o.ownCookie(&o.Browser.Fbc, value)
	default:
		o.permission(key, value)
	}
	return nil // the pixel's own bookkeeping
}

// pixelData reads custom_data, in which some shops have lists as JSON in a text.
func (o *Output) pixelData(obj []byte) {
	if isEmpty(obj) {
		return
	}
	if !o.Index.Object(obj, func(key, value []byte) bool {
		if name := string(key); jsonscan.Kind(value) == 's' && (name == "contents" || name == "content_ids") {
			o.pixelCustom(key, value)
		} else {
			o.customMember(key, value)
		}
		return true
	}) {
		o.drop(fieldCustom, malformed)
	}
}

// ownCookie takes the pixel's word for its cookie before the request's Cookie header, if it is such a cookie.
func (o *Output) ownCookie(dst *[]byte, value []byte) {
	if t := o.text(value); identity.IsClick(t) {
		*dst = t
	}
}

// fillFrom takes value, currency and products that custom_data does not have.
func (o *Output) fillFrom(obj []byte) {
	if jsonscan.Kind(obj) != 'o' {
		return
	}
	c := &o.Event.Custom
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "value":
			if c.Value == nil {
				o.value(value)
			}
		case "currency":
			if c.Currency == nil {
				o.take(&c.Currency, fieldCurrency, value)
			}
		case "contents":
			if len(c.Contents) == 0 {
				o.contents(value)
			}
		case "content_ids":
			if !o.hasMember("content_ids") {
				o.contentIDs(key, value)
			}
		case "content_type":
			if !o.hasMember("content_type") {
				o.string(key, value)
			}
		}
		return true
	})
}
