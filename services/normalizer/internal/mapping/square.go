package mapping

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// squareMapper maps payments of Square's tills; ingest lets only completed ones through, and customers, which are a fact.
type squareMapper struct{}

func (squareMapper) Default() string { return "physical_store" }
func (squareMapper) Names() *Names   { return squareNames }

// squareNames has the notifications of a payment.
var squareNames = &Names{Table: map[string]string{"payment.created": "Purchase", "payment.updated": "Purchase"}}

func (squareMapper) Map(in *Input, out *Output) error {
	var kind, data, created []byte
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "type":
			kind = value
		case "data":
			data = value
		case "created_at":
			created = value
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if bytes.HasPrefix(out.text(kind), []byte("customer.")) {
		return fault.New(fault.Fact, "customer")
	}
	if err := out.name(kind); err != nil {
		return fault.New(fault.InvalidField, "type")
	}
	payment := out.Index.Get(out.Index.Get(data, "object"), "payment")
	if isEmpty(payment) {
		return fault.New(fault.MissingField, "payment")
	}
	p := squarePayment{created: created}
	if !p.read(out, payment) {
		return fault.New(fault.InvalidField, "payment")
	}
	if p.later(out, created) {
		return fault.New(fault.Unmapped, "created_at")
	}
	return p.fill(out)
}

// squarePayment is a payment's members as they were found.
type squarePayment struct {
	id, order, customer, email []byte
	created                    []byte
	money, card, kind          []byte
	billing, shipping          squareAddress
}

type squareAddress struct{ first, last, city, state, zip, country []byte }

func (p *squarePayment) read(o *Output, obj []byte) bool {
	return o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "id":
			p.id = value
		case "order_id":
			p.order = value
		case "customer_id":
			p.customer = value
		case "buyer_email_address":
			p.email = value
		case "created_at":
			p.created = value
		case "total_money":
			p.money = value
		case "source_type":
			p.kind = value
		case "card_details":
			p.card = value
		case "billing_address":
			p.billing.read(o, value)
		case "shipping_address":
			p.shipping.read(o, value)
		}
		return true
	})
}

func (a *squareAddress) read(o *Output, obj []byte) {
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "first_name":
			a.first = value
		case "last_name":
			a.last = value
		case "locality":
			a.city = value
		case "administrative_district_level_1":
			a.state = value
		case "postal_code":
			a.zip = value
		case "country":
			a.country = value
		}
		return true
	})
}

// later says whether a completed payment is notified again (a fee, a dispute) so long after its money was taken that Meta
// would count it as another sale.
func (p *squarePayment) later(o *Output, notified []byte) bool {
	captured := o.Index.Get(o.Index.Get(p.card, "card_payment_timeline"), "captured_at")
	if kind := string(o.text(p.kind)); kind == "CASH" || kind == "EXTERNAL" { // these are paid when they are made
		captured = p.created
	}
	sold, err := time.Parse(time.RFC3339, string(o.text(captured)))
	if err != nil {
		return false
	}
	at, err := time.Parse(time.RFC3339, string(o.text(notified)))
	return err == nil && at.Sub(sold) > soldOnce
}

func (p *squarePayment) fill(o *Output) error {
	if err := o.eventTime(p.created); err != nil {
		return fault.New(fault.InvalidField, "created_at")
	}
	if order := firstOf(p.order, p.id); order != nil {
		o.string(keyOrderID, order)
	}
	o.said(&o.Event.Custom.Currency, fieldCurrency, o.Index.Get(p.money, "currency"))
	if amount := o.Index.Get(p.money, "amount"); !isEmpty(amount) {
		o.minorValue(amount, squarePlaces(o.Event.Custom.Currency))
	}
	o.People.User = o.text(p.customer)
	o.firstValue(identity.Em, p.email)
	o.firstValue(identity.Fn, p.billing.first, p.shipping.first)
	o.firstValue(identity.Ln, p.billing.last, p.shipping.last)
	at := &p.billing
	if isEmpty(at.city) && isEmpty(at.zip) && isEmpty(at.state) && isEmpty(at.country) {
		at = &p.shipping
	}
	o.firstValue(identity.Ct, at.city)
	o.firstValue(identity.St, at.state)
	o.firstValue(identity.Zp, at.zip)
	o.firstValue(identity.Country, at.country)
	return nil
}

// squarePlaces is how many digits of an amount are behind the point: Square counts as ISO 4217 does.
func squarePlaces(currency []byte) int {
	var room [3]byte
	if len(currency) == len(room) {
		switch string(appendLower(room[:0], currency)) {
		case "bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf", "ugx", "uyi", "vnd", "vuv", "xaf", "xof", "xpf":
			return 0
		case "bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd":
			return 3
		}
	}
	return 2
}
