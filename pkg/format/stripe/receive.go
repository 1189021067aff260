package stripe

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes Stripe's webhooks apart.
type Receiver struct{}

// Split takes the event as it is.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	return b.Add(jsonscan.Trim(in.Body))
}

// Identify names a sale by what the shop wrote into its metadata for its own pixel, else by the session, so that a payment
// that takes days is one sale; anything else by Stripe's id of what happened, which its repeats share.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var happened, kind, object []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "id":
			happened = jsonscan.Text(value, &in.Scratch)
		case "type":
			kind = jsonscan.Text(value, &in.Scratch)
		case "created":
			id.HasTime = jsonscan.Kind(value) == 'n'
		case "data":
			if jsonscan.Kind(value) == 'o' {
				object = jsonscan.Get(value, "object")
			}
		}
		return true
	})
	id.EventID = receive.UsableID(happened)
	if jsonscan.Kind(object) != 'o' {
		return fault.None
	}
	metadata := jsonscan.Get(object, "metadata")
	switch string(kind) {
	case "invoice.paid", "invoice.payment_succeeded": // both tell one renewal
		id.EventID = receive.FirstOf(receive.UsableID(in.FirstText(jsonscan.Get(object, "id"))), id.EventID)
	case "payment_intent.succeeded", "charge.succeeded":
		id.EventID = receive.FirstOf(ownID(in, metadata), id.EventID)
	case "checkout.session.completed", "checkout.session.async_payment_succeeded", "customer.subscription.created":
		id.EventID = receive.FirstOf(ownID(in, metadata), trialID(in, object), receive.UsableID(in.FirstText(jsonscan.Get(object, "id"))), id.EventID)
	}
	id.Person = receive.FirstOf(
		in.ID(jsonscan.Get(object, "client_reference_id")),
		in.ID(jsonscan.Get(object, "customer")),
		in.ID(jsonscan.Get(object, "customer_email")),
	)
	return fault.None
}

// trialID is the id of the subscription that a free session has begun: the subscription's own event has it, too, and a
// trial is told once.
func trialID(in *receive.Input, session []byte) []byte {
	if string(in.FirstText(jsonscan.Get(session, "mode"))) != "subscription" || !isZero(in.FirstText(jsonscan.Get(session, "amount_total"))) {
		return nil
	}
	if without := in.FirstText(jsonscan.Get(session, "amount_subtotal")); len(without) > 0 && !isZero(without) { // a coupon's
		return nil
	}
	return receive.UsableID(in.FirstText(jsonscan.Get(session, "subscription")))
}

// ownID is the event_id that the shop wrote into metadata for its own pixel, nil if none can be used.
func ownID(in *receive.Input, metadata []byte) []byte {
	if jsonscan.Kind(metadata) != 'o' {
		return nil
	}
	return in.EventID(jsonscan.Get(metadata, "event_id"))
}
