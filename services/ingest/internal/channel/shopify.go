package channel

import (
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Shopify is a shop's webhooks: one order, checkout or customer a request, signed with the app's client secret. What it
// is about stands in headers only.
type Shopify struct{}

// Name is shopify.
func (Shopify) Name() string { return "shopify" }

// Routes is one.
func (f Shopify) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/shopify", Answer: f.Answer()}}
}

// Answer is 200: Shopify repeats anything else eight times and then removes the subscription.
func (Shopify) Answer() Answer { return Hook{} }

// Claim names the shop.
func (Shopify) Claim(r *http.Request) Claim {
	c := headClaim(r)
	c.Key = shopifyHeader(r, "Shop-Domain")
	return c
}

// BodyClaims implements Format: always, the body is signed.
func (Shopify) BodyClaims(Claim) bool { return true }

// shopifyHeader reads a header by the name of webhooks (X-Shopify-…), else by that of Shopify's newer events.
func shopifyHeader(r *http.Request, name string) string {
	if v := r.Header.Get("X-Shopify-" + name); v != "" {
		return v
	}
	return r.Header.Get("Shopify-" + name)
}

// shopifyFacts are the headers that are kept with the item, and their names there.
var shopifyFacts = []struct{ header, name string }{
	{"Topic", "topic"},
	{"Shop-Domain", "shop"},
	{"Event-Id", "event_id"},
	{"Webhook-Id", "webhook_id"},
	{"Triggered-At", "triggered_at"},
	{"Api-Version", "api_version"},
	{"Test", "test"},
}

// Split takes the body as it is. Carts name nobody and come at every change of one: they are not stored.
func (Shopify) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.Shopify{})
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	if strings.HasPrefix(shopifyHeader(in.Request, "Topic"), "carts/") {
		b.Ignored++
		return nil
	}
	for _, fact := range shopifyFacts {
		if v := shopifyHeader(in.Request, fact.header); v != "" {
			b.addContextText(fact.name, []byte(v))
		}
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	return b.add(in, 0, jsonscan.Trim(in.Body))
}

// Identify names a sale by its order, so that orders/create and orders/paid are one; anything else by Shopify's id of
// what happened, which its repeats share.
func (Shopify) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var own, customer, email []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "id":
			own = jsonscan.Text(value, &in.text)
		case "processed_at", "created_at":
			id.HasTime = id.HasTime || jsonscan.Kind(value) != 'z'
		case "customer":
			customer = in.first(jsonscan.Get(value, "id"))
		case "email", "contact_email":
			if len(email) == 0 {
				email = in.first(value)
			}
		}
		return true
	})
	topic := shopifyHeader(in.Request, "Topic")
	switch happened := shopifyHeader(in.Request, "Event-Id"); {
	case (topic == "orders/paid" || topic == "orders/create") && len(own) > 0:
		id.EventID = in.template("shopify-order-", own)
	case topic == "checkouts/create" && len(own) > 0:
		id.EventID = in.template("shopify-checkout-", own)
	case topic == "customers/create" && len(own) > 0:
		id.EventID, customer = in.template("shopify-customer-", own), own
	case happened != "":
		id.EventID = in.template("shopify-", []byte(happened))
	}
	if !usableID(id.EventID) {
		id.EventID = nil
	}
	if id.Person = customer; len(customer) == 0 {
		id.Person = email
	}
	if len(id.Person) == 0 {
		id.Person = nil
	}
	return fault.None
}
