package branch

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Mapper maps the default body of Branch's webhooks: an event of its ontology.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var e branchEvent
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "name":
			out.Event.Name = out.Text(value)
		case "timestamp":
			e.when = value
		case "timestamp_iso":
			e.iso = value
		case "user_data":
			e.user = value
		case "event_data":
			e.data = value
		case "content_items":
			e.items = value
		case "custom_data":
			e.own = value
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if len(out.Event.Name) == 0 {
		return fault.New(fault.MissingField, "name")
	}
	meta, drop, _ := in.MetaName(appevent.Names, out)
	if drop {
		return nil
	}
	out.ReadTime(in.Zone, e.when, e.iso)
	out.DefaultTime(in.Raw.Time)
	e.person(out)
	e.worth(out)
	out.SetCartValueFor(in, meta)
	return nil
}

// branchEvent is what of an event must be seen together; raw unless said otherwise.
type branchEvent struct {
	when, iso         []byte
	user, data, items []byte
	own               []byte // what the app sent with the event
	platform, system  []byte // text
	limited, att      []byte
	madid             []byte
	device            mapping.Device
}

func (e *branchEvent) person(out *mapping.Output) {
	out.Object(e.user, func(key, value []byte) bool {
		if !mapping.IsEmpty(value) && !e.phone(out, key, value) {
			e.userMember(out, key, value)
		}
		return true
	})
	out.AddUserValue(identity.Madid, e.madid)
	out.ReadOwnData(e.own)
	if string(e.platform) == "WEB" {
		out.Event.ActionSource = mapping.SourceWebsite
		return
	}
	if e.system == nil {
		e.system, _ = bytes.CutSuffix(e.platform, []byte("_APP")) // IOS_APP, ANDROID_APP
	}
	e.device.Platform = mapping.PlatformOf(e.system)
	switch {
	case e.att != nil:
		e.device.Tracking = mapping.TrackingFlag(out.Text(e.att))
	case e.limited != nil:
		e.device.Tracking = mapping.Opposite(out.Bit(e.limited))
	}
	out.AddDevice(&e.device)
}

func (e *branchEvent) userMember(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "developer_identity":
		out.AddUserValue(identity.ExternalID, value)
	case "idfa", "aaid":
		e.madid = value
	case "ip":
		out.AddUserValue(identity.ClientIPAddress, value)
	case "user_agent":
		out.AddUserValue(identity.ClientUserAgent, value)
	case "geo_country_code":
		out.AddUserValue(identity.Country, value)
	case "geo_city_en":
		out.AddUserValue(identity.Ct, value)
	case "geo_region_en":
		out.AddUserValue(identity.St, value)
	case "geo_postal_code":
		out.AddUserValue(identity.Zp, value)
	case "dma_ad_user_data": // the European user's consent, as the app told Branch
		out.ReadConsent(value)
	default:
		out.ReadWish(key, value)
	}
}

// phone reads what is said of the device and the app.
func (e *branchEvent) phone(out *mapping.Output, key, value []byte) bool {
	d := &e.device
	switch string(key) {
	case "platform":
		e.platform = out.Text(value)
	case "os":
		e.system = out.Text(value)
	case "os_version":
		d.OsVersion = out.Text(value)
	case "app_version":
		d.Version = out.Text(value)
	case "bundle_id", "package_name":
		d.Pkg = out.Text(value)
	case "model":
		d.Model = out.Text(value)
	case "language":
		d.Locale = out.Text(value)
	case "carrier_name":
		d.Carrier = out.Text(value)
	case "screen_width":
		d.Width = out.Text(value)
	case "screen_height":
		d.Height = out.Text(value)
	case "idfv":
		d.Vendor = out.Text(value)
	case "limit_ad_tracking":
		e.limited = value
	case "opted_in_status":
		e.att = value
	default:
		return false
	}
	return true
}

func (e *branchEvent) worth(out *mapping.Output) {
	c := &out.Event.Custom
	out.Object(e.data, func(key, value []byte) bool {
		if mapping.IsEmpty(value) {
			return true
		}
		switch string(key) {
		case "revenue":
			out.SetValue(value)
		case "currency":
			out.SetText(&c.Currency, mapping.FieldCurrency, value)
		case "transaction_id":
			out.AddScalar(mapping.KeyOrderID, value)
		case "search_query":
			out.AddScalar(mapping.KeySearchString, value)
		default:
			out.ReadWish(key, value)
		}
		return true
	})
	out.AddProducts(e.items, branchItem)
	out.SummarizeCart(true)
}

// branchItem reads a member of a product, whose keys have Branch's dollar in some bodies.
func branchItem(key []byte, p *mapping.Product, value []byte) {
	if len(key) > 0 && key[0] == '$' {
		key = key[1:]
	}
	switch string(key) {
	case "sku":
		p.IDs[0] = value
	case "canonical_identifier":
		p.IDs[1] = value
	case "quantity":
		p.Quantity = value
	case "price":
		p.Price = value
	case "currency":
		p.Currency = value
	}
}
