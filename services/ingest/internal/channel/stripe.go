package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Stripe is the webhooks of a Stripe account: one event a request, signed with the endpoint's secret.
type Stripe struct{}

// Name is stripe.
func (Stripe) Name() string { return "stripe" }

// Routes is one.
func (f Stripe) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/stripe", Answer: f.Answer()}}
}

// Answer is 200, and 400 for a wrong signature, as Stripe's own libraries answer. Stripe repeats anything else for days.
func (Stripe) Answer() Answer { return Hook{Denied: http.StatusBadRequest} }

// Claim reads ?source=; nothing in the head names the account.
func (Stripe) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always, the body is signed.
func (Stripe) BodyClaims(Claim) bool { return true }

// Split takes the event as it is.
func (Stripe) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.Stripe{})
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	return b.add(in, 0, jsonscan.Trim(in.Body))
}

// Identify names a sale by what the shop wrote into its metadata for its own pixel, else by the session, so that a payment
// that takes days is one sale; anything else by Stripe's id of what happened, which its repeats share.
func (Stripe) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var happened, kind, object []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "id":
			happened = jsonscan.Text(value, &in.text)
		case "type":
			kind = jsonscan.Text(value, &in.text)
		case "created":
			id.HasTime = jsonscan.Kind(value) == 'n'
		case "data":
			if jsonscan.Kind(value) == 'o' {
				object = jsonscan.Get(value, "object")
			}
		}
		return true
	})
	if usableID(happened) {
		id.EventID = happened
	}
	if jsonscan.Kind(object) != 'o' {
		return fault.None
	}
	metadata := jsonscan.Get(object, "metadata")
	switch string(kind) {
	case "invoice.paid", "invoice.payment_succeeded": // both tell one renewal
		if own := in.first(jsonscan.Get(object, "id")); usableID(own) {
			id.EventID = own
		}
	case "payment_intent.succeeded", "charge.succeeded":
		if own := in.ownID(metadata); own != nil {
			id.EventID = own
		}
	case "checkout.session.completed", "checkout.session.async_payment_succeeded", "customer.subscription.created":
		if own := in.first(jsonscan.Get(object, "id")); usableID(own) {
			id.EventID = own
		}
		if own := in.ownID(metadata); own != nil {
			id.EventID = own
		}
	}
	for _, name := range []string{"client_reference_id", "customer", "customer_email"} {
		if person := in.first(jsonscan.Get(object, name)); id.Person == nil && len(person) > 0 {
			id.Person = person
		}
	}
	return fault.None
}

// ownID is the event_id that the shop wrote into metadata for its own pixel, nil if none can be used.
func (in *Input) ownID(metadata []byte) []byte {
	if jsonscan.Kind(metadata) != 'o' {
		return nil
	}
	return in.usable(jsonscan.Get(metadata, "event_id"))
}
