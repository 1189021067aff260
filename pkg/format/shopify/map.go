package shopify

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps Shopify's webhooks: orders, checkouts and customers. The visitor's address, agent and click are in
// the order; the request's own are Shopify's.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var shop []byte
	var test bool
	out.Index.Object(in.Raw.Context, func(key, value []byte) bool {
		switch string(key) {
		case storedTopic:
			out.Event.Name = out.Text(value)
		case storedShop:
			shop = out.Text(value)
		case storedTest:
			test = string(out.Text(value)) == "true"
		}
		return true
	})
	switch string(out.Event.Name) {
	case "":
		return fault.New(fault.MissingField, "x-shopify-topic")
	case "customers/data_request", "customers/redact", "shop/redact":
		return fault.New(fault.Fact, string(out.Event.Name))
	}
	switch _, drop, custom := in.MetaName(names, out); {
	case drop:
		return nil
	case custom:
		return fault.New(fault.Unmapped, "x-shopify-topic")
	case test:
		return fault.New(fault.Unmapped, "x-shopify-test")
	}
	o := shopifyOrder{customerTopic: bytes.HasPrefix(out.Event.Name, []byte("customers/"))}
	if err := o.read(in, out); err != nil {
		return err
	}
	o.person(out)
	o.visitor(out)
	if len(shop) > 0 && len(out.Event.ActionSource) == 0 {
		out.Event.SourceURL = out.Keep([]byte("https://"), shop, []byte("/"))
	}
	return nil
}

// onlineStore is the number of Shopify's own app of that name, which sells on the shop's website.
const onlineStore = "580111"

// shopifyOrder is an order's or a customer's members, as they were found.
type shopifyOrder struct {
	customerTopic bool

	id, processed, created           []byte
	email, contactEmail, phone       []byte
	browserIP, client, notes         []byte
	landing, source, staff           []byte
	billing, shipping, home, profile []byte
	first, last                      []byte
	discounts                        []byte
	test, subscribes                 bool
}

func (s *shopifyOrder) read(in *mapping.Input, out *mapping.Output) error {
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		s.member(out, key, value)
		return true
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case s.test:
		return fault.New(fault.Unmapped, "test")
	}
	out.ReadTime(in.Zone, s.processed, s.created)
	out.DefaultTime(in.Raw.Time)
	if s.subscribes && !s.renews(out) && !s.discounted(out) {
		out.BeginsSubscription()
	}
	if !s.customerTopic && jsonscan.Kind(s.id) != 0 {
		out.AddString(mapping.KeyOrderID, s.id)
	}
	return nil
}

func (s *shopifyOrder) member(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "id":
		s.id = value
	case "test":
		s.test = jsonscan.Kind(value) == 't'
	case "processed_at":
		s.processed = value
	case "created_at":
		s.created = value
	case "email":
		s.email = value
	case "contact_email":
		s.contactEmail = value
	case "phone":
		s.phone = value
	case "first_name":
		s.first = value
	case "last_name":
		s.last = value
	case "billing_address":
		s.billing = value
	case "shipping_address":
		s.shipping = value
	case "default_address":
		s.home = value
	case "customer":
		s.profile = value
	case "browser_ip":
		s.browserIP = value
	case "client_details":
		s.client = value
	case "note_attributes":
		s.notes = value
	case "landing_site":
		s.landing = value
	case "source_name":
		s.source = value
	case "user_id":
		s.staff = value
	case "total_discounts":
		s.discounts = value
	case "currency", "total_price", "line_items":
		if !s.customerTopic {
			s.sale(out, key, value)
		}
	}
}

func (s *shopifyOrder) sale(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "currency":
		out.SetText(&out.Event.Custom.Currency, mapping.FieldCurrency, value)
	case "total_price":
		out.SetValue(value)
	case "line_items":
		out.AddOrderLines(value, func(key []byte, p *mapping.Product, v []byte) { s.line(key, p, v) })
	}
}

// line reads a line of an order: the catalog's id is the variant's.
func (s *shopifyOrder) line(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "selling_plan_allocation":
		s.subscribes = s.subscribes || !mapping.IsEmpty(value)
	case "variant_id":
		p.IDs[0] = value
	case "product_id":
		p.IDs[1] = value
	case "sku":
		p.IDs[2] = value
	case "quantity":
		p.Quantity = value
	case "price":
		p.Price = value
	}
}

// person takes each match key from the first part of the order that has it.
func (s *shopifyOrder) person(out *mapping.Output) {
	var customer shopifyOrder // a customer has an order's members of a person
	if s.customerTopic {
		out.AddUserValue(identity.ExternalID, s.id)
	} else {
		out.Object(s.profile, func(key, value []byte) bool {
			customer.member(out, key, value)
			return true
		})
		out.AddUserValue(identity.ExternalID, customer.id)
	}
	out.AddUserValue(identity.Em, mapping.First(s.email, s.contactEmail, customer.email))
	bill, ship := out.ReadPlace(s.billing, shopifyPlace), out.ReadPlace(s.shipping, shopifyPlace)
	home := out.ReadPlace(mapping.First(s.home, customer.home), shopifyPlace)
	own := mapping.Place{Phone: s.phone, First: s.first, Last: s.last}
	profile := mapping.Place{Phone: customer.phone, First: customer.first, Last: customer.last}
	out.AddPhone(&own, &bill, &profile, &ship, &home)
	where := mapping.FirstPlace(&bill, &ship, &home)
	out.AddName(&bill, &own, &profile, where) // a parcel may go to another
	out.AddPlace(where)
}

func shopifyPlace(key []byte, p *mapping.Place, value []byte) {
	switch string(key) {
	case "first_name":
		p.First = value
	case "last_name":
		p.Last = value
	case "phone":
		p.Phone = value
	case "city":
		p.City = value
	case "zip":
		p.Zip = value
	case "province_code":
		p.State = value
	case "country_code":
		p.Country = value
	}
}

// renews says whether a subscription made the order: it began with an earlier one.
func (s *shopifyOrder) renews(out *mapping.Output) bool {
	return bytes.HasPrefix(s.madeBy(out), []byte("subscription"))
}

// discounted says whether a discount made the order cheaper: one that costs nothing for it is no trial.
func (s *shopifyOrder) discounted(out *mapping.Output) bool {
	return len(bytes.Trim(out.Decimal(s.discounts), "0.")) > 0
}

// madeBy is the source's name in lower case.
func (s *shopifyOrder) madeBy(out *mapping.Output) []byte {
	mark := out.Mark()
	out.Scratch = mapping.AppendLower(out.Scratch, mapping.Trim(out.Text(s.source)))
	return out.Since(mark)
}

// visitor takes the customer's browser. That of staff, or of a till, is not the customer's, and another channel is not the
// shop's website: every source of an order but the web and its checkouts is one of these.
func (s *shopifyOrder) visitor(out *mapping.Output) {
	out.EachNamed(s.notes, "name", func(name, value []byte) { out.ReadWish(name, value) })
	where, web := mapping.MadeAt(out.Text(s.source)), false
	switch string(s.madeBy(out)) {
	case "", "web", "checkout_one", "checkout_next", onlineStore:
		where, web = nil, true
	}
	if staff, _ := out.ID(s.staff, false); where == nil && (!web || staff != nil) {
		where = mapping.SourceSystem
	}
	if where != nil {
		out.NoVisit(where)
		return
	}
	var ip, agent []byte
	if jsonscan.Kind(s.client) == 'o' {
		ip, agent = out.Index.Get(s.client, "browser_ip"), out.Index.Get(s.client, "user_agent")
	}
	out.AddUserValue(identity.ClientIPAddress, mapping.First(ip, s.browserIP))
	out.AddUserValue(identity.ClientUserAgent, agent)
	fbc := false
	out.EachNamed(s.notes, "name", func(name, value []byte) { fbc = out.AddSavedCookie(name, value) || fbc })
	if !fbc && out.Event.TimeSet {
		out.AddClick(out.Text(s.landing), s.created)
	}
}
