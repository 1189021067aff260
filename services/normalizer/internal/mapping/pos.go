package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// posMapper maps a store's sales in our own generic shape. Ingest lets only sales to a known customer through.
type posMapper struct{}

func (posMapper) Default() string { return "physical_store" }
func (posMapper) Names() *Names   { return posNames }

// posNames has the one type of a transaction that is an event.
var posNames = &Names{Table: map[string]string{"sale": "Purchase"}, Fold: true}

var sale = []byte("sale")

func (posMapper) Map(in *Input, out *Output) error {
	out.Consent = out.Index.Get(in.Raw.Context, "consent")
	out.Event.Name = sale
	var err error
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		err = out.posMember(in, key, value)
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	c := &out.Event.Custom
	if len(c.Contents) > 0 {
		out.member(keyContentType, typeProduct)
	}
	if isEmpty(out.Index.Get(in.Raw.Item, "total")) { // one that cannot be read is not what the products cost
		out.valueOfProducts(in)
	}
	return nil
}

func (o *Output) posMember(in *Input, key, value []byte) error {
	switch string(key) {
	case "transaction_id": // Meta's event_id, too: fixed at ingest
		o.string(keyOrderID, value)
	case "occurred_at":
		return o.localTime(in.Zone, "occurred_at", value)
	case "type":
		if t := trim(o.text(value)); len(t) > 0 {
			o.Event.Name = t
		}
	case "total":
		o.value(value)
	case "currency":
		o.take(&o.Event.Custom.Currency, fieldCurrency, value)
	case "customer":
		return o.posCustomer(value)
	case "items":
		o.posItems(value)
	default:
		if !o.permission(key, value) && !isEmpty(value) {
			o.drop(fieldEvent, unknown)
		}
	}
	return nil
}

// posCustomer reads match keys by their names and aliases; an address may stand in an object of its own.
func (o *Output) posCustomer(obj []byte) error {
	if !o.Index.Object(obj, func(key, value []byte) bool {
		switch {
		case string(key) == "address" && jsonscan.Kind(value) == 'o':
			o.Index.Object(value, func(k, v []byte) bool {
				o.userMember(k, v, false)
				return true
			})
		case string(key) == "id":
			o.person([]byte("customer_id"), value)
		default:
			o.userMember(key, value, false)
		}
		return true
	}) {
		return fault.New(fault.InvalidField, "customer")
	}
	return nil
}

func (o *Output) posItems(list []byte) {
	ok := o.Index.Array(list, func(v []byte) bool {
		var p product
		o.Index.Object(v, func(key, value []byte) bool {
			switch string(key) {
			case "sku":
				p.ids[0] = value
			case "id":
				p.ids[1] = value
			case "name":
				p.ids[2] = value
			case "quantity":
				p.quantity = value
			case "unit_price":
				p.price = value
			case "delivery_category":
				p.delivery = value
			}
			return true
		})
		before := len(o.Event.Custom.Contents)
		if o.addProduct(&p); len(o.Event.Custom.Contents) == before {
			o.drop(fieldContents, malformed)
		}
		return true
	})
	if !ok && !isEmpty(list) {
		o.drop(fieldContents, malformed)
	}
}

// localLayouts are times without a zone.
var localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

// localTime is eventTime for senders whose times may have no zone: then they are in the source's.
func (o *Output) localTime(zone *time.Location, field string, value []byte) error {
	if o.eventTime(value) == nil {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	t := string(trim(o.text(value)))
	for _, layout := range localLayouts {
		if at, err := time.ParseInLocation(layout, t, zone); err == nil {
			o.Event.Time, o.Event.TimeSet = at.Unix(), true
			return nil
		}
	}
	return fault.New(fault.InvalidField, field)
}
