package mapping

import (
	"bytes"
	"time"

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
	out.firstValue(identity.Fn, where.first, s.first, customer.first)
	out.firstValue(identity.Ln, where.last, s.last, customer.last)
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
	if jsonscan.Kind(s.notes) == 'a' {
		out.Index.Array(s.notes, func(note []byte) bool {
			fbc = out.note(note) || fbc
			return true
		})
	}
	if !fbc && out.Event.TimeSet {
		out.click(out.text(s.landing), s.created)
	}
}

// note takes Meta's cookies, which the shop's page writes into the cart as _fbp and _fbc; it says whether it was an fbc.
func (o *Output) note(note []byte) (fbc bool) {
	if jsonscan.Kind(note) != 'o' {
		return false
	}
	value := jsonscan.Get(note, "value")
	switch string(o.text(jsonscan.Get(note, "name"))) {
	case "_fbp", "fbp":
		o.userValue(identity.Fbp, value)
	case "_fbc", "fbc":
		if !isEmpty(value) {
			o.userValue(identity.Fbc, value)
			return true
		}
	}
	return false
}

// click makes an fbc of the fbclid of the page on which the visitor came, at the time when the sender says it was seen,
// else the event's.
func (o *Output) click(page, seen []byte) {
	fbclid := identity.FbclidOf(page)
	if fbclid == nil {
		return
	}
	ms := o.Event.Time * 1000
	if at, err := time.Parse(time.RFC3339, string(o.text(seen))); err == nil {
		ms = at.UnixMilli()
	}
	start := len(o.scratch)
	o.scratch = identity.AppendFbc(o.scratch, fbclid, ms)
	o.Event.User.Add(identity.Fbc, identity.Auto, o.scratch[start:len(o.scratch):len(o.scratch)])
}
