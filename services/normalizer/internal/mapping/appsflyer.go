package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// appsFlyerMapper maps the events of AppsFlyer's Push API: flat, and of the event's own parameters a JSON text within
// (event_value), which may be no JSON at all.
type appsFlyerMapper struct{}

func (appsFlyerMapper) Default() string { return "app" }
func (appsFlyerMapper) Names() *Names   { return appNames }

func (appsFlyerMapper) Map(in *Input, out *Output) error {
	var e appsFlyerEvent
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if !isEmpty(value) && !e.phone(out, key, value) {
			e.member(out, key, value)
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if out.Event.Name == nil {
		return fault.New(fault.MissingField, "event_name")
	}
	meta, drop, _ := in.metaName(appNames, out.Event.Name)
	if drop {
		return nil
	}
	if err := out.utcTime(e.when); err != nil {
		return err
	}
	out.arrival(in.Raw.Time)
	e.app(out)
	e.params(out)
	out.productValue(in, meta)
	return nil
}

// appsFlyerEvent is what is read of an event before it can be put together, raw.
type appsFlyerEvent struct {
	when, own           []byte
	revenue, currency   []byte
	device              device
	bundle, appID       []byte // text
	model, kind         []byte // text
	idfa, gaid          []byte
	att, limited        []byte
	afRevenue           []byte
	afCurrency, afOrder []byte
	afReceipt           []byte
	ids, counts, prices []byte
}

func (e *appsFlyerEvent) member(out *Output, key, value []byte) {
	switch string(key) {
	case "event_name":
		out.Event.Name = out.text(value)
	case "event_time":
		e.when = value
	case "event_value":
		e.own = value
	case "event_revenue":
		e.revenue = value
	case "event_revenue_currency":
		e.currency = value
	case "customer_user_id":
		out.userValue(identity.ExternalID, value)
	case "appsflyer_id":
		out.userValue(identity.AnonID, value)
	case "ip":
		out.userValue(identity.ClientIPAddress, value)
	case "user_agent":
		out.userValue(identity.ClientUserAgent, value)
	case "city":
		out.userValue(identity.Ct, value)
	case "state":
		out.userValue(identity.St, value)
	case "postal_code":
		out.userValue(identity.Zp, value)
	case "country_code":
		out.userValue(identity.Country, value)
	}
}

// phone reads what is said of the device and the app.
func (e *appsFlyerEvent) phone(out *Output, key, value []byte) bool {
	switch string(key) {
	case "platform":
		e.device.platform = platformOf(out.text(value))
	case "bundle_id":
		e.bundle = out.text(value)
	case "app_id":
		e.appID = out.text(value)
	case "app_version":
		e.device.version = out.text(value)
	case "os_version":
		e.device.osVersion = out.text(value)
	case "device_model":
		e.model = out.text(value)
	case "device_type":
		e.kind = out.text(value)
	case "language":
		e.device.locale = out.text(value)
	case "carrier":
		e.device.carrier = out.text(value)
	case "idfv":
		e.device.vendor = out.text(value)
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

func (e *appsFlyerEvent) app(out *Output) {
	d := &e.device
	d.pkg, d.model = e.bundle, e.model
	if d.pkg == nil {
		d.pkg = e.appID
	}
	if d.model == nil {
		d.model = e.kind
	}
	advertising := firstOf(e.idfa, e.gaid)
	if !isAdvertisingID(out.text(advertising)) && !isEmpty(e.gaid) {
		advertising = e.gaid
	}
	out.userValue(identity.Madid, advertising)
	switch {
	case e.att != nil:
		d.tracking = permitted(out.text(e.att))
	case e.limited != nil:
		d.tracking = opposite(out.bit(e.limited))
	case string(d.platform) == string(android) && isAdvertisingID(out.text(advertising)):
		d.tracking = one
	}
	out.appData(d)
}

// opposite is the other flag; what is none of both is no permission.
func opposite(flag []byte) []byte {
	if string(flag) == "0" {
		return one
	}
	return zero
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
func (e *appsFlyerEvent) params(out *Output) {
	value := e.own
	if jsonscan.Kind(value) == 's' {
		if value = out.text(value); jsonscan.Check(value, jsonscan.Limits{}) != nil {
			value = nil // free text
		}
	}
	jsonscan.Object(value, func(key, v []byte) bool {
		if !isEmpty(v) {
			e.param(out, key, v)
		}
		return true
	})
	c := &out.Event.Custom
	if e.revenue != nil && (e.afRevenue == nil || out.decimal(e.revenue) != nil) {
		out.value(e.revenue)
		out.said(&c.Currency, fieldCurrency, firstOf(e.currency, e.afCurrency))
	} else {
		out.value(e.afRevenue)
		out.said(&c.Currency, fieldCurrency, firstOf(e.afCurrency, e.currency))
	}
	out.scalar("order_id", firstOf(e.afOrder, e.afReceipt))
	e.products(out)
}

func (e *appsFlyerEvent) param(out *Output, key, value []byte) {
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
		out.scalar("search_string", value)
	}
}

// products reads the lists of ids, quantities and prices, which belong together by their place; a single product has
// none of the lists.
func (e *appsFlyerEvent) products(out *Output) {
	single := jsonscan.Kind(e.ids) != 'a'
	if single {
		out.addProduct(&product{ids: [3][]byte{e.ids}, quantity: e.counts, price: e.prices})
		out.cart(false)
		return
	}
	place := 0
	jsonscan.Array(e.ids, func(id []byte) bool {
		out.addProduct(&product{ids: [3][]byte{id}, quantity: at(e.counts, place), price: at(e.prices, place)})
		place++
		return place < maxProducts
	})
	out.cart(false)
}

// maxProducts bounds the work of lists that are read by place.
const maxProducts = 100

// at is the element of a list at a place, nil if there is none; what is no list is good for the first.
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

// utcTime reads "2026-11-23 09:30:00.000", in UTC, or what eventTime reads.
func (o *Output) utcTime(value []byte) error {
	if text := o.text(value); jsonscan.Kind(value) == 's' && len(text) < 32 {
		if t, err := time.Parse(time.DateTime, string(text)); err == nil {
			o.Event.Time, o.Event.TimeSet = t.Unix(), true
			return nil
		}
	}
	if value == nil {
		return nil
	}
	return o.eventTime(value)
}
