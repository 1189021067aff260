package appsflyer

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps the events of AppsFlyer's Push API: flat objects, in which one text (event_value) holds the event's own
// parameters as JSON, or is no JSON at all.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var e appsFlyerEvent
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if !mapping.IsEmpty(value) && !e.phone(out, key, value) {
			e.member(out, key, value)
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if out.Event.Name == nil {
		return fault.New(fault.MissingField, "event_name")
	}
	meta, drop, _ := in.MetaName(appevent.Names, out)
	if drop {
		return nil
	}
	out.ReadTime(nil, e.when, e.local) // in UTC
	out.DefaultTime(in.Raw.Time)
	e.app(out)
	e.params(out)
	out.SetCartValueFor(in, meta)
	return nil
}

// appsFlyerEvent is what of an event must be seen together; raw unless said otherwise.
type appsFlyerEvent struct {
	when, local, own    []byte
	revenue, currency   []byte
	device              mapping.Device
	bundle, appID       []byte // text
	model, kind         []byte // text
	idfa, gaid          []byte
	att, limited        []byte
	afRevenue           []byte
	afCurrency, afOrder []byte
	afReceipt           []byte
	ids, counts, prices []byte
}

func (e *appsFlyerEvent) member(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "event_name":
		out.Event.Name = out.Text(value)
	case "event_time":
		e.when = value
	case "event_time_selected_timezone":
		e.local = value
	case "event_value":
		e.own = value
	case "event_revenue":
		e.revenue = value
	case "event_revenue_currency":
		e.currency = value
	case "customer_user_id":
		out.AddUserValue(identity.ExternalID, value)
	case "appsflyer_id":
		out.AddUserValue(identity.AnonID, value)
	case "ip":
		out.AddUserValue(identity.ClientIPAddress, value)
	case "user_agent":
		out.AddUserValue(identity.ClientUserAgent, value)
	case "custom_data": // what the app set for the person (setAdditionalData)
		out.ReadOwnData(value)
	case "city":
		out.AddUserValue(identity.Ct, value)
	case "state":
		out.AddUserValue(identity.St, value)
	case "postal_code":
		out.AddUserValue(identity.Zp, value)
	case "country_code":
		out.AddUserValue(identity.Country, value)
	case "ad_user_data_enabled": // the European user's consent, as the app told AppsFlyer
		out.ReadConsent(value)
	case "consent_data": // beside the words it may have a string of the TCF, which is not read
		out.ReadWish([]byte("consent"), value)
	default:
		out.ReadWish(key, value)
	}
}

// phone reads what is said of the device and the app.
func (e *appsFlyerEvent) phone(out *mapping.Output, key, value []byte) bool {
	switch string(key) {
	case "platform":
		e.device.Platform = mapping.PlatformOf(out.Text(value))
	case "bundle_id":
		e.bundle = out.Text(value)
	case "app_id":
		e.appID = out.Text(value)
	case "app_version":
		e.device.Version = out.Text(value)
	case "os_version":
		e.device.OsVersion = out.Text(value)
	case "device_model":
		e.model = out.Text(value)
	case "device_type":
		e.kind = out.Text(value)
	case "language":
		e.device.Locale = out.Text(value)
	case "carrier":
		e.device.Carrier = out.Text(value)
	case "idfv":
		e.device.Vendor = out.Text(value)
	case "idfa":
		e.idfa = value
	case "advertising_id":
		e.gaid = value
	case "att":
		e.att = value
	case "is_lat":
		e.limited = value
	default:
		return false
	}
	return true
}

func (e *appsFlyerEvent) app(out *mapping.Output) {
	d := &e.device
	d.Pkg, d.Model = e.bundle, e.model
	if d.Pkg == nil {
		d.Pkg = e.appID
	}
	if d.Model == nil {
		d.Model = e.kind
	}
	advertising := mapping.First(e.idfa, e.gaid)
	if !isAdvertisingID(out.Text(advertising)) && !mapping.IsEmpty(e.gaid) {
		advertising = e.gaid
	}
	out.AddUserValue(identity.Madid, advertising)
	switch {
	case e.att != nil:
		d.Tracking = mapping.TrackingFlag(out.Text(e.att))
	case e.limited != nil:
		d.Tracking = mapping.Opposite(out.Bit(e.limited))
	case string(d.Platform) == string(mapping.Android) && isAdvertisingID(out.Text(advertising)):
		d.Tracking = mapping.One
	}
	out.AddDevice(d)
}

// isAdvertisingID says whether a device gave its advertising id: the all-zero one stands for a refusal.
func isAdvertisingID(id []byte) bool {
	for _, c := range id {
		if c != '0' && c != '-' {
			return true
		}
	}
	return false
}

// params reads event_value and makes custom_data of it and of the revenue that AppsFlyer read out of it.
func (e *appsFlyerEvent) params(out *mapping.Output) {
	value := e.own
	if jsonscan.Kind(value) == 's' {
		if value = jsonscan.TrimMark(out.Text(value)); jsonscan.Check(value, jsonscan.Limits{}) != nil {
			value = nil // free text
		}
	}
	jsonscan.Object(value, func(key, v []byte) bool {
		if !mapping.IsEmpty(v) {
			e.param(out, key, v)
		}
		return true
	})
	c := &out.Event.Custom
	if e.revenue != nil && (e.afRevenue == nil || out.Decimal(e.revenue) != nil) {
		out.SetValue(e.revenue)
		out.SetText(&c.Currency, mapping.FieldCurrency, mapping.First(e.currency, e.afCurrency))
	} else {
		out.SetValue(e.afRevenue)
		out.SetText(&c.Currency, mapping.FieldCurrency, mapping.First(e.afCurrency, e.currency))
	}
	out.AddScalar(mapping.KeyOrderID, mapping.First(e.afOrder, e.afReceipt))
	e.products(out)
}

func (e *appsFlyerEvent) param(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "af_revenue":
		e.afRevenue = value
	case "af_currency":
		e.afCurrency = value
	case "af_order_id":
		e.afOrder = value
	case "af_receipt_id":
		e.afReceipt = value
	case "af_content_id":
		e.ids = value
	case "af_quantity":
		e.counts = value
	case "af_price":
		e.prices = value
	case "af_search_string":
		out.AddScalar(mapping.KeySearchString, value)
	default:
		out.ReadOwnMember(key, value)
	}
}

// products reads the lists of ids, quantities and prices, which belong together by their place; a single product has
// none of the lists.
func (e *appsFlyerEvent) products(out *mapping.Output) {
	e.ids, e.counts, e.prices = out.Embedded(e.ids), out.Embedded(e.counts), out.Embedded(e.prices)
	single := jsonscan.Kind(e.ids) != 'a'
	if single {
		out.AddProduct(&mapping.Product{IDs: [3][]byte{e.ids}, Quantity: e.counts, Price: e.prices})
		out.SummarizeCart(false)
		return
	}
	place := 0
	jsonscan.Array(e.ids, func(id []byte) bool {
		out.AddProduct(&mapping.Product{IDs: [3][]byte{id}, Quantity: at(e.counts, place), Price: at(e.prices, place)})
		place++
		return place < maxProducts
	})
	out.SummarizeCart(false)
}

// maxProducts bounds the work of lists that are read by place.
const maxProducts = 100

// at is the element of a list at a place, nil if there is none; what is no list is its own first element.
func at(list []byte, place int) []byte {
	var found []byte
	if !jsonscan.Array(list, func(v []byte) bool {
		if place == 0 {
			found = v
		}
		place--
		return place >= 0
	}) && place == 0 {
		return list
	}
	return found
}
