package square

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Mapper maps payments of Square's tills; ingest lets only completed ones through, and customers, which are a fact.
type Mapper struct{}

// squareNames has the notifications of a payment.
var squareNames = &mapping.Names{Table: map[string]string{"payment.created": "Purchase", "payment.updated": "Purchase"}}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
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
	if bytes.HasPrefix(out.Text(kind), []byte("customer.")) {
		return fault.New(fault.Fact, "customer")
	}
	if err := out.ReadName(kind); err != nil {
		return fault.New(fault.InvalidField, "type")
	}
	payment := out.Index.Get(out.Index.Get(data, "object"), "payment")
	if mapping.IsEmpty(payment) {
		return fault.New(fault.MissingField, "payment")
	}
	p := squarePayment{created: created, notified: created}
	if !p.read(out, payment) {
		return fault.New(fault.InvalidField, "payment")
	}
	if p.later(out) {
		return fault.New(fault.Unmapped, "created_at")
	}
	p.fill(in, out)
	return nil
}

// squarePayment is a payment's members, raw.
type squarePayment struct {
	id, order, customer, email []byte
	created, notified          []byte
	money, card, kind, app     []byte
	billing, shipping          mapping.Place
}

func (p *squarePayment) read(o *mapping.Output, obj []byte) bool {
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
		case "application_details":
			p.app = value
		case "billing_address":
			p.billing = o.ReadPlace(value, squarePlace)
		case "shipping_address":
			p.shipping = o.ReadPlace(value, squarePlace)
		}
		return true
	})
}

// squarePlace reads a member of an address.
func squarePlace(key []byte, p *mapping.Place, value []byte) {
	switch string(key) {
	case "first_name":
		p.First = value
	case "last_name":
		p.Last = value
	case "locality":
		p.City = value
	case "administrative_district_level_1":
		p.State = value
	case "postal_code":
		p.Zip = value
	case "country":
		p.Country = value
	}
}

// later says whether a completed payment is notified again (a fee, a dispute) so long after its money was taken that Meta
// would count it as another sale.
func (p *squarePayment) later(o *mapping.Output) bool {
	captured := o.Index.Get(o.Index.Get(p.card, "card_payment_timeline"), "captured_at")
	if kind := string(o.Text(p.kind)); kind == "CASH" || kind == "EXTERNAL" { // these are paid when they are made
		captured = p.created
	}
	sold, taken := o.InstantOf(nil, captured)
	at, told := o.InstantOf(nil, p.notified)
	return taken && told && at.Sub(sold) > mapping.SameSale
}

func (p *squarePayment) fill(in *mapping.Input, o *mapping.Output) {
	o.ReadTime(in.Zone, p.created, p.notified)
	o.DefaultTime(in.Raw.Time)
	if order := mapping.First(p.order, p.id); order != nil {
		o.AddString(mapping.KeyOrderID, order)
	}
	o.SetText(&o.Event.Custom.Currency, mapping.FieldCurrency, o.Index.Get(p.money, "currency"))
	if amount := o.Index.Get(p.money, "amount"); !mapping.IsEmpty(amount) {
		o.SetMinorValue(amount, squarePlaces(o.Event.Custom.Currency))
	}
	if p.elsewhere(o) {
		o.NoVisit(mapping.SourceSystem)
	}
	o.People.User = o.IDText(p.customer)
	o.AddUserValue(identity.Em, p.email)
	o.AddName(&p.billing, &p.shipping)
	o.AddPlace(mapping.FirstPlace(&p.billing, &p.shipping))
}

// elsewhere says whether no till took the payment: a page, an invoice, staff who typed a card in, or a card that is kept for
// renewals.
func (p *squarePayment) elsewhere(o *mapping.Output) bool {
	switch string(o.Text(o.Index.Get(p.app, "square_product"))) {
	case "ECOMMERCE_API", "ONLINE_STORE", "INVOICES", "VIRTUAL_TERMINAL":
		return true
	}
	return string(o.Text(o.Index.Get(p.card, "entry_method"))) == "ON_FILE"
}

// squarePlaces is how many digits of an amount are behind the point: Square counts as ISO 4217 does.
func squarePlaces(currency []byte) int {
	var room [3]byte
	if len(currency) == len(room) {
		switch string(mapping.AppendLower(room[:0], currency)) {
		case "bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf", "ugx", "uyi", "vnd", "vuv", "xaf", "xof", "xpf":
			return 0
		case "bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd":
			return 3
		}
	}
	return 2
}
