package pos

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Mapper maps a store's sales in our own generic shape. Ingest lets only sales to a known customer through.
type Mapper struct{}

// names has the one type of a transaction that is an event.
var names = &mapping.Names{Table: map[string]string{sale: "Purchase"}, Fold: true}

var (
	saleName     = []byte(sale)
	keyStoreData = []byte("store_data")
)

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	out.Event.Name = saleName
	var err error
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		err = posMember(out, in, key, value)
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	out.DefaultPermission(in.Raw.Context)
	out.AddMissing(keyStoreData, out.Index.Get(in.Raw.Context, "store_data"))
	c := &out.Event.Custom
	if len(c.Contents) > 0 {
		out.AddMember(mapping.KeyContentType, mapping.TypeProduct)
	}
	out.SetCartValue(in)
	return out.NeedReadTime(memberTime)
}

func posMember(o *mapping.Output, in *mapping.Input, key, value []byte) error {
	switch string(key) {
	case memberID: // Meta's event_id, too: fixed at ingest
		o.AddString(mapping.KeyOrderID, value)
	case memberTime:
		o.ReadTime(in.Zone, value)
	case memberType:
		if t := mapping.Trim(o.Text(value)); len(t) > 0 {
			o.Event.Name = t
		}
	case "total":
		o.SetValue(value)
	case "currency":
		o.SetText(&o.Event.Custom.Currency, mapping.FieldCurrency, value)
	case memberCustomer:
		return posCustomer(o, value)
	case "items":
		posItems(o, value)
	case "store_data":
		o.AddMember(keyStoreData, value)
	default:
		if !o.ReadPermission(key, value) && !mapping.IsEmpty(value) {
			o.Drop(mapping.FieldEvent, mapping.Unknown)
		}
	}
	return nil
}

// posCustomer reads a person as user_data, whose id is the till's own. A sale has no other.
func posCustomer(o *mapping.Output, obj []byte) error {
	if !o.ReadCustomer(obj, false) {
		return fault.New(fault.InvalidField, "customer")
	}
	return nil
}

func posItems(o *mapping.Output, list []byte) {
	if !o.Elements(list, func(v []byte) {
		if !o.ReadProduct(v, posItem) {
			o.Drop(mapping.FieldContents, mapping.Malformed)
		}
	}) {
		o.Drop(mapping.FieldContents, mapping.Malformed)
	}
}

// posItem reads a member of an item of a sale.
func posItem(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "sku":
		p.IDs[0] = value
	case "id":
		p.IDs[1] = value
	case "name":
		p.IDs[2] = value
	case "quantity":
		p.Quantity = value
	case "unit_price":
		p.Price = value
	case "currency":
		p.Currency = value
	case "delivery_category":
		p.Delivery = value
	}
}
