package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// shopifyMapper maps Shopify's webhooks: orders, checkouts and customers. The visitor's address, agent and click are in
// the order; the request's own are Shopify's.
type shopifyMapper struct{}

func (shopifyMapper) Default() string { return "" }
func (shopifyMapper) Names() *Names   { return shopifyNames }

func (shopifyMapper) Map(in *Input, out *Output) error {
	var shop []byte
	var test bool
	jsonscan.Object(in.Raw.Context, func(key, value []byte) bool {
		switch string(key) {
		case "topic":
			out.Event.Name = out.text(value)
		case "shop":
			shop = out.text(value)
		case "test":
			test = string(out.text(value)) == "true"
		}
		return true
	})
	switch string(out.Event.Name) {
	case "":
		return fault.New(fault.MissingField, "x-shopify-topic")
	case "customers/data_request", "customers/redact", "shop/redact":
		return fault.New(fault.Fact, string(out.Event.Name))
	}
	switch _, drop, custom := in.metaName(shopifyNames, out.Event.Name); {
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
		out.Event.SourceURL = out.joined("https://", shop, "/")
	}
	return nil
}

// shopifyOrder is an order's or a customer's members, as they were found.
type shopifyOrder struct {
	customerTopic bool

	id, processed, created           []byte
	email, contactEmail, phone       []byte
	browserIP, client, notes         []byte
	landing, source                  []byte
	billing, shipping, home, profile []byte
	first, last                      []byte
	test                             bool
}

func (s *shopifyOrder) read(in *Input, out *Output) error {
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
	when := s.processed
	if isEmpty(when) {
		when = s.created
	}
	if !isEmpty(when) {
		if err := out.eventTime(when); err != nil {
			return err
		}
	}
	if !s.customerTopic && jsonscan.Kind(s.id) != 0 {
		out.string(keyOrderID, s.id)
	}
	return nil
}

func (s *shopifyOrder) member(out *Output, key, value []byte) {
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
	case "currency", "total_price", "line_items":
		if !s.customerTopic {
			s.sale(out, key, value)
		}
	}
}

func (s *shopifyOrder) sale(out *Output, key, value []byte) {
	switch string(key) {
	case "currency":
		out.take(&out.Event.Custom.Currency, fieldCurrency, value)
	case "total_price":
		out.value(value)
	case "line_items":
		out.lines(value, shopifyLine)
	}
}

// shopifyLine reads a line of an order: the catalog's id is the variant's.
func shopifyLine(key []byte, l *line, value []byte) {
	switch string(key) {
	case "variant_id":
		l.ids[0] = value
	case "product_id":
		l.ids[1] = value
	case "sku":
		l.ids[2] = value
	case "quantity":
		l.quantity = value
	case "price":
		l.price = value
	}
}

// person takes each key from the first place that has it.
func (s *shopifyOrder) person(out *Output) {
	var customer shopifyOrder // a customer has an order's members of a person
	if s.customerTopic {
		out.userValue(identity.ExternalID, s.id)
	} else if jsonscan.Kind(s.profile) == 'o' {
		out.Index.Object(s.profile, func(key, value []byte) bool {
			customer.member(out, key, value)
			return true
		})
		out.userValue(identity.ExternalID, customer.id)
	}
	out.firstValue(identity.Em, s.email, s.contactEmail, customer.email)
	at := s.home
	if isEmpty(at) {
		at = customer.home
	}
	bill, ship, home := out.placeOf(s.billing, shopifyPlace), out.placeOf(s.shipping, shopifyPlace), out.placeOf(at, shopifyPlace)
	out.firstValue(identity.Ph, s.phone, bill.phone, customer.phone, ship.phone, home.phone)
	where := &bill
	if where.empty() {
		where = &ship
	}
	if where.empty() {
		where = &home
	}
	out.firstValue(identity.Fn, bill.first, s.first, customer.first, where.first) // a parcel may go to another
	out.firstValue(identity.Ln, bill.last, s.last, customer.last, where.last)
	out.located(where)
}

func shopifyPlace(key []byte, p *place, value []byte) {
	switch string(key) {
	case "first_name":
		p.first = value
	case "last_name":
		p.last = value
	case "phone":
		p.phone = value
	case "city":
		p.city = value
	case "zip":
		p.zip = value
	case "province_code":
		p.state = value
	case "country_code":
		p.country = value
	}
}

// visitor takes the customer's browser. A point of sale's device is not the customer's.
func (s *shopifyOrder) visitor(out *Output) {
	if string(out.text(s.source)) == "pos" {
		out.Event.ActionSource = physicalStore
		return
	}
	var ip, agent []byte
	if jsonscan.Kind(s.client) == 'o' {
		ip, agent = jsonscan.Get(s.client, "browser_ip"), jsonscan.Get(s.client, "user_agent")
	}
	out.firstValue(identity.ClientIPAddress, ip, s.browserIP)
	out.firstValue(identity.ClientUserAgent, agent)
	fbc := false
	out.named(s.notes, "name", func(name, value []byte) { fbc = out.savedCookie(name, value) || fbc })
	if !fbc && out.Event.TimeSet {
		out.click(out.text(s.landing), s.created)
	}
}
