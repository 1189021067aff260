package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// branchMapper maps the default body of Branch's webhooks: an event of its ontology.
type branchMapper struct{}

func (branchMapper) Default() string { return "app" }
func (branchMapper) Names() *Names   { return appNames }

func (branchMapper) Map(in *Input, out *Output) error {
	var e branchEvent
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "name":
			out.Event.Name = out.text(value)
		case "timestamp":
			e.when = value
		case "user_data":
			e.user = value
		case "event_data":
			e.data = value
		case "content_items":
			e.items = value
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if len(out.Event.Name) == 0 {
		return fault.New(fault.MissingField, "name")
	}
	meta, drop, _ := in.metaName(appNames, out.Event.Name)
	if drop {
		return nil
	}
	if e.when != nil {
		if err := out.eventTime(e.when); err != nil {
			return fault.New(fault.InvalidField, "timestamp")
		}
	}
	out.arrival(in.Raw.Time)
	e.person(out)
	e.worth(out)
	out.productValue(in, meta)
	return nil
}

// branchEvent is an event's parts, raw unless said otherwise.
type branchEvent struct {
	when, user, data, items []byte
	platform, system        []byte // text
	limited, att            []byte
	madid                   []byte
	device                  device
}

func (e *branchEvent) person(out *Output) {
	out.Index.Object(e.user, func(key, value []byte) bool {
		if !isEmpty(value) && !e.phone(out, key, value) {
			e.userMember(out, key, value)
		}
		return true
	})
	out.userValue(identity.Madid, e.madid)
	if string(e.platform) == "WEB" {
		out.Event.ActionSource = sourceWebsite
		return
	}
	if e.system == nil {
		e.system, _ = bytes.CutSuffix(e.platform, []byte("_APP")) // IOS_APP, ANDROID_APP
	}
	e.device.platform = platformOf(e.system)
	switch {
	case e.att != nil:
		e.device.tracking = permitted(out.text(e.att))
	case e.limited != nil:
		e.device.tracking = opposite(out.bit(e.limited))
	}
	out.appData(&e.device)
}

func (e *branchEvent) userMember(out *Output, key, value []byte) {
	switch string(key) {
	case "developer_identity":
		out.userValue(identity.ExternalID, value)
	case "idfa", "aaid":
		e.madid = value
	case "ip":
		out.userValue(identity.ClientIPAddress, value)
	case "user_agent":
		out.userValue(identity.ClientUserAgent, value)
	case "geo_country_code":
		out.userValue(identity.Country, value)
	case "geo_city_en":
		out.userValue(identity.Ct, value)
	case "geo_region_en":
		out.userValue(identity.St, value)
	case "geo_postal_code":
		out.userValue(identity.Zp, value)
	case "dma_ad_user_data": // the European user's consent, as the app told Branch
		if out.Consent = yes; string(out.bit(value)) != "1" {
			out.Consent = no
		}
	}
}

// phone reads what is said of the device and the app.
func (e *branchEvent) phone(out *Output, key, value []byte) bool {
	d := &e.device
	switch string(key) {
	case "platform":
		e.platform = out.text(value)
	case "os":
		e.system = out.text(value)
	case "os_version":
		d.osVersion = out.text(value)
	case "app_version":
		d.version = out.text(value)
	case "bundle_id", "package_name":
		d.pkg = out.text(value)
	case "model":
		d.model = out.text(value)
	case "language":
		d.locale = out.text(value)
	case "carrier_name":
		d.carrier = out.text(value)
	case "screen_width":
		d.width = out.text(value)
	case "screen_height":
		d.height = out.text(value)
	case "idfv":
		d.vendor = out.text(value)
	case "limit_ad_tracking":
		e.limited = value
	case "opted_in_status":
		e.att = value
	default:
		return false
	}
	return true
}

func (e *branchEvent) worth(out *Output) {
	c := &out.Event.Custom
	out.Index.Object(e.data, func(key, value []byte) bool {
		if isEmpty(value) {
			return true
		}
		switch string(key) {
		case "revenue":
			out.value(value)
		case "currency":
			out.said(&c.Currency, fieldCurrency, value)
		case "transaction_id":
			out.scalar("order_id", value)
		case "search_query":
			out.scalar("search_string", value)
		}
		return true
	})
	if jsonscan.Kind(e.items) == 'o' {
		e.item(out, e.items)
	}
	out.Index.Array(e.items, func(v []byte) bool {
		e.item(out, v)
		return true
	})
	out.cart(true)
}

// item reads a product, whose keys have Branch's dollar in some bodies.
func (e *branchEvent) item(out *Output, obj []byte) {
	var p product
	if !out.Index.Object(obj, func(key, value []byte) bool {
		if len(key) > 0 && key[0] == '$' {
			key = key[1:]
		}
		switch string(key) {
		case "sku":
			p.ids[0] = value
		case "canonical_identifier":
			p.ids[1] = value
		case "quantity":
			p.quantity = value
		case "price":
			p.price = value
		case "currency":
			if len(out.Event.Custom.Currency) == 0 {
				out.said(&out.Event.Custom.Currency, fieldCurrency, value)
			}
		}
		return true
	}) {
		out.drop(fieldContents, malformed)
		return
	}
	out.addProduct(&p)
}
