package channel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Square is the webhook of Square's tills: payments, signed over the URL that Square calls and the body.
type Square struct{}

// Name is square.
func (Square) Name() string { return "square" }

// Routes is one.
func (f Square) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/store/square", Answer: f.Answer()}}
}

// Answer is 200 for whatever is signed right, else 403.
func (Square) Answer() Answer { return Hook{Denied: http.StatusForbidden} }

// Claim reads the head; merchant and signature are seen with the body.
func (Square) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always.
func (Square) BodyClaims(Claim) bool { return true }

// Split takes the one notification of a request. A payment is one event when it is completed, and none again when
// money goes back; customers are a fact about persons. All else (orders, which say only their id, refunds, …) is counted
// and not stored.
func (f Square) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.Square{})
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	if jsonscan.Kind(body) != 'o' {
		return &Refusal{Kind: Unreadable, Detail: "the body must be an object"}
	}
	b.Claim.Key = string(bytes.TrimSpace(b.text(jsonscan.Get(body, "merchant_id"))))
	if !f.keeps(body, b) {
		b.Ignored++
		return nil
	}
	return b.add(in, 0, body)
}

// keeps says whether a notification is an event or a fact. One that says it is a payment and has none is kept, to end as
// a dead letter.
func (Square) keeps(body []byte, b *Batch) bool {
	switch string(b.text(jsonscan.Get(body, "type"))) {
	case "payment.created", "payment.updated":
		payment := squareObject(body, "payment")
		if jsonscan.Kind(payment) != 'o' {
			return true
		}
		refunded := b.text(jsonscan.Get(jsonscan.Get(payment, "refunded_money"), "amount"))
		return string(b.text(jsonscan.Get(payment, "status"))) == "COMPLETED" && (len(refunded) == 0 || string(refunded) == "0")
	case "customer.created", "customer.updated":
		return true
	}
	return false
}

// squareObject is what a notification is about: data.object.payment.
func squareObject(body []byte, name string) []byte {
	return jsonscan.Get(jsonscan.Get(jsonscan.Get(body, "data"), "object"), name)
}

// Identify names a payment by its id, however often it is notified, and anything else by the notification's.
func (Square) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	id.HasTime = true
	payment := squareObject(item, "payment")
	if key := in.first(jsonscan.Get(payment, "id")); len(key) > 0 {
		id.EventID = in.template("square-", key)
		if !usableID(id.EventID) {
			id.EventID, id.Natural = nil, key
		}
	} else if key := in.first(jsonscan.Get(item, "event_id")); len(key) > 0 {
		id.Natural = key
	}
	for _, person := range [][]byte{
		jsonscan.Get(payment, "customer_id"), jsonscan.Get(squareObject(item, "customer"), "id"), jsonscan.Get(payment, "buyer_email_address"),
	} {
		if text := in.first(person); len(text) > 0 {
			id.Person = text
			break
		}
	}
	return fault.None // the answer has no place for more
}
