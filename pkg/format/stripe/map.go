package stripe

import (
	"bytes"
	"slices"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps Stripe's events. The visitor's browser is known only by what the shop has written into metadata.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var created, object []byte
	live := true
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "type":
			out.Event.Name = out.Text(value)
		case "created":
			created = value
		case "livemode":
			live = jsonscan.Kind(value) != 'f'
		case "data":
			if jsonscan.Kind(value) == 'o' {
				object = jsonscan.Get(value, "object")
			}
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if len(out.Event.Name) == 0 {
		return fault.New(fault.MissingField, "type")
	}
	if jsonscan.Kind(object) != 'o' {
		return fault.New(fault.MissingField, "data.object")
	}
	if !live {
		return fault.New(fault.Unmapped, "livemode")
	}
	s := stripeObject{}
	out.Index.Object(object, func(key, value []byte) bool {
		s.member(key, value)
		return true
	})
	out.Event.Name = s.named(in, out)
	meta, drop, custom := in.MetaName(names, out)
	switch {
	case drop:
		return nil
	case custom:
		return fault.New(fault.Unmapped, "type")
	}
	if what := s.unpaid(out, string(meta)); what != "" {
		return fault.New(fault.Unmapped, what)
	}
	out.ReadTime(in.Zone, created, s.created)
	out.DefaultTime(in.Raw.Time)
	s.sale(out)
	if s.begins(out) && !s.discounted(out) && !bytes.HasSuffix(out.Event.Name, []byte(":trial")) { // the source's own name of a trial stays
		out.BeginsSubscription()
	}
	s.person(out)
	s.visitor(out)
	return nil
}

// stripeObject is what an event is about: a session, a subscription, an invoice or a payment.
type stripeObject struct {
	object, id, mode, status, paymentStatus, reason, trialEnd []byte
	currency                                                  []byte
	amounts                                                   [4][]byte // best first
	created, subtotal                                         []byte
	customer, reference, details, email, name, phone, address []byte
	metadata, success, items, method, methods                 []byte
}

func (s *stripeObject) member(key, value []byte) {
	switch string(key) {
	case "object":
		s.object = value
	case "id":
		s.id = value
	case "created":
		s.created = value
	case "mode":
		s.mode = value
	case "status":
		s.status = value
	case "payment_status":
		s.paymentStatus = value
	case "billing_reason":
		s.reason = value
	case "trial_end":
		s.trialEnd = value
	case "currency":
		s.currency = value
	case "amount_total":
		s.amounts[0] = value
	case "amount_subtotal", "subtotal":
		s.subtotal = value
	case "amount_paid":
		s.amounts[1] = value
	case "amount_received":
		s.amounts[2] = value
	case "amount":
		s.amounts[3] = value
	case "metadata":
		s.metadata = value
	case "success_url":
		s.success = value
	case "items":
		s.items = value
	case "payment_method_details":
		s.method = value
	case "payment_method_types":
		s.methods = value
	default:
		s.personMember(key, value)
	}
}

func (s *stripeObject) personMember(key, value []byte) {
	switch string(key) {
	case "customer":
		s.customer = value
	case "client_reference_id":
		s.reference = value
	case "customer_details", "billing_details":
		s.details = value
	case "customer_email", "receipt_email":
		s.email = value
	case "customer_name":
		s.name = value
	case "customer_phone":
		s.phone = value
	case "customer_address":
		s.address = value
	}
}

// named is the type. Where the source's events table has TYPE:MODE or, of an invoice, TYPE:REASON, it is that; before them
// TYPE:trial, of a free trial.
func (s *stripeObject) named(in *mapping.Input, out *mapping.Output) []byte {
	var trial []byte
	if s.begins(out) && s.isFree(out) && !s.discounted(out) {
		trial = []byte("trial")
	}
	for _, more := range [...][]byte{trial, out.Text(s.mode), out.Text(s.reason)} {
		if len(more) == 0 || len(in.Events) == 0 {
			continue
		}
		long := out.Keep(out.Event.Name, []byte(":"), more)
		if _, own := in.Events[string(long)]; own {
			return long
		}
	}
	return out.Event.Name
}

// begins says whether a subscription begins: with a session, or the first invoice.
func (s *stripeObject) begins(out *mapping.Output) bool {
	return string(out.Text(s.mode)) == "subscription" || string(out.Text(s.reason)) == firstInvoice
}

// isFree says whether nothing was paid.
func (s *stripeObject) isFree(out *mapping.Output) bool {
	return isZero(out.Text(mapping.First(s.amounts[:]...)))
}

// discounted says whether it would have cost something without a coupon: a subscription that is free for it is no trial.
func (s *stripeObject) discounted(out *mapping.Output) bool {
	return !mapping.IsEmpty(s.subtotal) && !isZero(out.Text(s.subtotal)) && s.isFree(out)
}

func isZero(amount []byte) bool { return len(amount) > 0 && len(bytes.Trim(amount, "0.")) == 0 }

// trialAhead says whether a trial ends after the subscription was made: one that was moved here had its own long ago.
func (s *stripeObject) trialAhead(out *mapping.Output) bool {
	end, ok := out.InstantOf(nil, s.trialEnd)
	made, known := out.InstantOf(nil, s.created)
	return ok && (!known || end.After(made))
}

// The reasons of the invoice with which a subscription begins, and of those that renew it.
const (
	firstInvoice = "subscription_create"
	renewal      = "subscription_cycle"
)

// unpaid is the field that says that the event is no sale or trial, "" if it is one.
func (s *stripeObject) unpaid(out *mapping.Output, meta string) string {
	switch string(out.Text(s.object)) {
	case "checkout.session":
		if string(out.Text(s.mode)) == "setup" {
			return "mode"
		}
		if p := string(out.Text(s.paymentStatus)); p != "paid" && p != "no_payment_required" {
			return "payment_status"
		}
	case "subscription":
		if meta == "StartTrial" && string(out.Text(s.status)) != "trialing" && !s.trialAhead(out) {
			return "trial_end"
		}
	case "invoice": // the first one is the session's own sale, unless the source's events name it
		if string(out.Text(s.reason)) != renewal && bytes.IndexByte(out.Event.Name, ':') < 0 {
			return "billing_reason"
		}
	}
	return ""
}

func (s *stripeObject) sale(out *mapping.Output) {
	out.SetText(&out.Event.Custom.Currency, mapping.FieldCurrency, s.currency)
	if amount := mapping.First(s.amounts[:]...); amount != nil {
		out.SetMinorValue(amount, stripePlaces(out.Event.Custom.Currency))
	}
	if jsonscan.Kind(s.items) == 'o' { // of a subscription
		out.AddOrderLines(jsonscan.Get(s.items, "data"), stripeLine)
	}
}

// stripeLine reads an item of a subscription: its product is in its price.
func stripeLine(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "quantity":
		p.Quantity = value
	case "price":
		if jsonscan.Kind(value) == 'o' {
			p.IDs[0], p.IDs[1] = jsonscan.Get(value, "product"), jsonscan.Get(value, "id")
		}
	}
}

// stripePlaces is how many digits of an amount are behind the point.
func stripePlaces(currency []byte) int {
	var room [3]byte
	if len(currency) == len(room) {
		code := mapping.AppendLower(room[:0], currency)
		is := func(c string) bool { return c == string(code) }
		switch {
		case slices.ContainsFunc(stripeWhole, is):
			return 0
		case slices.ContainsFunc(stripeMilli, is):
			return 3
		}
	}
	return 2
}

func (s *stripeObject) person(out *mapping.Output) {
	var details stripeDetails
	details.read(out, s.details)
	own, billing := out.ReadPlace(s.address, stripePlace), out.ReadPlace(details.address, stripePlace)
	out.AddUserValue(identity.ExternalID, s.reference)
	if jsonscan.Kind(s.customer) == 's' { // not one that was expanded into an object
		out.AddUserValue(identity.ExternalID, s.customer)
	}
	out.AddUserValue(identity.Em, mapping.First(details.email, s.email))
	own.Phone, billing.Phone = s.phone, details.phone
	out.AddPhone(&billing, &own)
	out.AddFullName(out.Text(mapping.First(details.name, s.name)))
	out.AddPlace(mapping.FirstPlace(&own, &billing))
}

type stripeDetails struct{ email, phone, name, address []byte }

func (d *stripeDetails) read(out *mapping.Output, obj []byte) {
	if jsonscan.Kind(obj) != 'o' {
		return
	}
	out.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "email":
			d.email = value
		case "phone":
			d.phone = value
		case "name":
			d.name = value
		case "address":
			d.address = value
		}
		return true
	})
}

func stripePlace(key []byte, p *mapping.Place, value []byte) {
	switch string(key) {
	case "city":
		p.City = value
	case "state":
		p.State = value
	case "postal_code":
		p.Zip = value
	case "country":
		p.Country = value
	}
}

// visitor takes what the shop has written into metadata. What happens in a browser is the website's; what Stripe does by
// itself is the system's, unless metadata knows the browser in which it began; a renewal, and a reader's sale, always are none.
func (s *stripeObject) visitor(out *mapping.Output) {
	agent, order := false, false
	if jsonscan.Kind(s.metadata) == 'o' {
		out.Index.Object(s.metadata, func(key, value []byte) bool {
			if mapping.IsEmpty(value) {
				return true
			}
			switch string(key) {
			case "_fbp", "fbp", "_fbc", "fbc":
				out.AddSavedCookie(key, value)
			case "client_ip_address":
				out.AddUserValue(identity.ClientIPAddress, value)
			case "client_user_agent":
				out.AddUserValue(identity.ClientUserAgent, value)
				agent = true
			case "external_id":
				out.AddUserValue(identity.ExternalID, value)
			case "event_source_url":
				out.SetText(&out.Event.SourceURL, mapping.FieldSourceURL, value)
			case "order_id":
				out.AddScalar(mapping.KeyOrderID, value)
				order = true
			default:
				out.ReadWish(key, value)
			}
			return true
		})
	}
	if !order {
		out.AddScalar(mapping.KeyOrderID, s.id)
	}
	switch object := string(out.Text(s.object)); {
	case s.atTill(out):
		out.NoVisit(mapping.SourceStore)
		return
	case object == "invoice" && string(out.Text(s.reason)) != firstInvoice: // the browser was there when it began
		out.NoVisit(mapping.SourceSystem)
		return
	case object != "checkout.session" && !agent:
		out.Event.ActionSource = mapping.SourceSystem
		return
	}
	out.Event.ActionSource = mapping.SourceWebsite
	if len(out.Event.SourceURL) == 0 {
		out.Event.SourceURL = site(out, out.Text(s.success))
	}
}

// atTill says whether a card was put into, or held to, a reader.
func (s *stripeObject) atTill(out *mapping.Output) bool {
	for _, method := range [...][]byte{out.Index.Get(s.method, "type"), out.FirstElement(s.methods)} {
		if kind := string(out.Text(method)); kind == "card_present" || kind == "interac_present" {
			return true
		}
	}
	return false
}

// site is the root of a page's site: the path of the page may carry what is no business of Meta's.
func site(o *mapping.Output, page []byte) []byte {
	const scheme = "https://"
	if !bytes.HasPrefix(page, []byte(scheme)) {
		return nil
	}
	host := page[len(scheme):]
	if end := bytes.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if len(host) == 0 {
		return nil
	}
	return o.Keep([]byte(scheme), host, []byte("/"))
}
