package mparticle

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/ecommerce"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps the events of mParticle's batches: {"batch":…,"event":…}. The batch says who, on which device and
// with which consent. Changes of a person's identities and attributes make no event: they are facts.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var e mParticleEvent
	var batch, event []byte
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case storedBatch:
			batch = value
		case storedEvent:
			event = value
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if event == nil {
		return fault.New(fault.Fact, "batch")
	}
	if err := e.read(out, event); err != nil {
		return err
	}
	names := names
	if out.Names != nil {
		names = out.Names
	}
	meta, drop, _ := in.MetaName(names, out)
	if drop {
		return nil
	}
	var b mParticleBatch
	b.read(out, batch)
	out.ReadTime(in.Zone, e.when, b.when)
	out.DefaultTime(in.Raw.Time)
	e.fill(in, out, meta)
	b.fill(out)
	return nil
}

// mParticleEvent is an event's members, raw unless said otherwise.
type mParticleEvent struct {
	kind             []byte // text
	when, currency   []byte
	name, attributes []byte
	flags            []byte
	impressions      bool
	promotion        bool

	action             []byte // text
	transaction, total []byte
	products           []byte
	lastSum            []byte // of the product read last
}

// read takes the event apart and names it.
func (e *mParticleEvent) read(out *mapping.Output, event []byte) error {
	var data []byte
	if !out.Index.Object(event, func(key, value []byte) bool {
		switch string(key) {
		case "event_type":
			e.kind = out.Text(value)
		case "data":
			data = value
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "event")
	}
	out.Object(data, func(key, value []byte) bool {
		if !mapping.IsEmpty(value) {
			e.member(out, key, value)
		}
		return true
	})
	switch string(e.kind) {
	case "commerce_event":
		return e.nameCommerce(out)
	case "custom_event":
		out.Names = ecommerce.Names // an app's "click" is not mParticle's
		if out.Event.Name = out.Text(e.name); len(out.Event.Name) == 0 {
			return fault.New(fault.MissingField, "event_name")
		}
	case "user_identity_change", "user_attribute_change":
		return fault.New(fault.Fact, string(e.kind))
	case "":
		return fault.New(fault.MissingField, "event_type")
	default:
		out.Event.Name = e.kind
		if _, known, _ := names.Of(e.kind); !known {
			return fault.New(fault.InvalidField, "event_type")
		}
	}
	return nil
}

func (e *mParticleEvent) nameCommerce(out *mapping.Output) error {
	switch {
	case len(e.action) > 0:
		out.Event.Name = e.action
	case e.promotion:
		out.Event.Name = []byte("promotion_action")
	case e.impressions:
		out.Event.Name = []byte("product_impressions")
	default:
		return fault.New(fault.MissingField, "product_action.action")
	}
	return nil
}

func (e *mParticleEvent) member(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "timestamp_unixtime_ms":
		e.when = value
	case "event_name":
		e.name = value
	case "custom_attributes":
		e.attributes = value
	case "custom_flags":
		e.flags = value
	case "currency_code":
		e.currency = value
	case "product_impressions":
		e.impressions = true
	case "promotion_action":
		e.promotion = true
	case "product_action":
		out.Object(value, func(key, v []byte) bool {
			if mapping.IsEmpty(v) {
				return true
			}
			switch string(key) {
			case "action":
				e.action = out.Text(v)
			case "transaction_id":
				e.transaction = v
			case "total_amount":
				e.total = v
			case "products":
				e.products = v
			}
			return true
		})
	}
}

// fill makes custom_data: of a commerce event's action, of a custom event's attributes by Segment's names.
func (e *mParticleEvent) fill(in *mapping.Input, out *mapping.Output, meta []byte) {
	if string(e.kind) == "custom_event" {
		out.ReadWishes(e.flags)
		var p ecommerce.Properties
		p.Read(out, e.attributes)
		p.Fill(in, out, meta)
		return
	}
	out.ReadWishes(e.attributes)
	out.ReadWishes(e.flags)
	c := &out.Event.Custom
	out.SetText(&c.Currency, mapping.FieldCurrency, e.currency)
	out.AddScalar(mapping.KeyOrderID, e.transaction)
	if !out.Elements(e.products, func(v []byte) { e.product(out, v) }) {
		out.Drop(mapping.FieldContents, mapping.Malformed)
	}
	out.SummarizeCart(true)
	out.SetValue(e.total)
	if out.LacksValue() && len(c.Contents) == 1 { // what one product is worth can be said
		if c.Value = out.Decimal(e.lastSum); e.lastSum == nil {
			c.Value = out.Multiply(c.Contents[0].ItemPrice, c.Contents[0].Quantity)
		}
	}
}

func (e *mParticleEvent) product(out *mapping.Output, obj []byte) {
	if jsonscan.Kind(obj) != 'o' {
		out.Drop(mapping.FieldContents, mapping.Malformed)
		return
	}
	var sum []byte
	if out.ReadProduct(obj, func(key []byte, p *mapping.Product, value []byte) {
		switch string(key) {
		case "id":
			p.IDs[0] = value
		case "quantity":
			p.Quantity = value
		case "price":
			p.Price = value
		case "currency_code", "currency":
			p.Currency = value
		case "total_product_amount":
			sum = value
		}
	}) {
		e.lastSum = mapping.First(sum)
	}
}
