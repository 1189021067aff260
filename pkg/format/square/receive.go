package square

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes Square's webhooks apart.
type Receiver struct{}

// Split takes the one notification of a request. A payment is one event when it is completed, and none again when
// money goes back; customers are a fact about persons. All else (orders, which say only their id, refunds, …) is counted
// and not stored.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	if jsonscan.Kind(body) != 'o' {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body must be an object"}
	}
	b.Claim.Key = string(bytes.TrimSpace(b.Text(jsonscan.Get(body, "merchant_id"))))
	if !f.keeps(body, b) {
		b.Ignored++
		return nil
	}
	return b.Add(body)
}

// keeps says whether a notification is an event or a fact. One that says it is a payment and has none is kept, to end as
// a dead letter.
func (Receiver) keeps(body []byte, b *receive.Batch) bool {
	switch string(b.Text(jsonscan.Get(body, "type"))) {
	case "payment.created", "payment.updated":
		payment := object(body, "payment")
		if jsonscan.Kind(payment) != 'o' {
			return true
		}
		refunded := b.Text(jsonscan.Get(jsonscan.Get(payment, "refunded_money"), "amount"))
		return string(b.Text(jsonscan.Get(payment, "status"))) == "COMPLETED" && (len(refunded) == 0 || string(refunded) == "0")
	case "customer.created", "customer.updated":
		return true
	}
	return false
}

// object is what a notification is about: data.object.payment.
func object(body []byte, name string) []byte {
	return jsonscan.Get(jsonscan.Get(jsonscan.Get(body, "data"), "object"), name)
}

// Identify names a payment by its id, however often it is notified, and anything else by the notification's.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	id.HasTime = true
	payment := object(item, "payment")
	if key := in.ID(jsonscan.Get(payment, "id")); len(key) > 0 {
		if id.EventID = receive.UsableID(in.Joined("square-", key)); id.EventID == nil {
			id.Natural = key
		}
	} else if key := in.ID(jsonscan.Get(item, "event_id")); len(key) > 0 {
		id.Natural = key
	}
	if id.Person = in.ID(jsonscan.Get(payment, "customer_id")); id.Person == nil {
		id.Person = receive.FirstOf(in.ID(jsonscan.Get(object(item, "customer"), "id")), in.ID(jsonscan.Get(payment, "buyer_email_address")))
	}
	return fault.None // the answer has no place for more
}
