package shopify

import (
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes Shopify's webhooks apart.
type Receiver struct{}

// Claim names the shop.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
	c.Key = header(r, "Shop-Domain")
	return c
}

// header reads a header by the name of webhooks (X-Shopify-…), else by that of Shopify's newer events.
func header(r *http.Request, name string) string {
	if v := r.Header.Get("X-Shopify-" + name); v != "" {
		return v
	}
	return r.Header.Get("Shopify-" + name)
}

// facts are the headers that are kept with the item, and their names there.
var facts = []struct{ header, name string }{
	{"Topic", storedTopic},
	{"Shop-Domain", storedShop},
	{"Event-Id", storedEventID},
	{"Webhook-Id", storedWebhookID},
	{"Triggered-At", storedTriggeredAt},
	{"Api-Version", storedAPIVersion},
	{"Test", storedTest},
}

// Split takes the body as it is. Carts name nobody and come at every change of one: they are not stored.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	if strings.HasPrefix(header(in.Request, "Topic"), "carts/") {
		b.Ignored++
		return nil
	}
	for _, fact := range facts {
		if v := header(in.Request, fact.header); v != "" {
			b.AddContextText(fact.name, []byte(v))
		}
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	return b.Add(jsonscan.Trim(in.Body))
}

// Identify names a sale by its order, so that orders/create and orders/paid are one; anything else by Shopify's id of
// what happened, which its repeats share.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var own, customer, email []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "id":
			own = in.ID(value)
		case "processed_at", "created_at":
			id.HasTime = id.HasTime || jsonscan.Kind(value) != 'z'
		case "customer":
			customer = in.ID(jsonscan.Get(value, "id"))
		case "email", "contact_email":
			if len(email) == 0 {
				email = in.ID(value)
			}
		}
		return true
	})
	topic := header(in.Request, "Topic")
	switch happened := header(in.Request, "Event-Id"); {
	case (topic == "orders/paid" || topic == "orders/create") && len(own) > 0:
		id.EventID = in.Joined("shopify-order-", own)
	case topic == "checkouts/create" && len(own) > 0:
		id.EventID = in.Joined("shopify-checkout-", own)
	case topic == "customers/create" && len(own) > 0:
		id.EventID, customer = in.Joined("shopify-customer-", own), own
	case happened != "":
		id.EventID = in.Joined("shopify-", []byte(happened))
	}
	id.EventID = receive.UsableID(id.EventID)
	id.Person = receive.FirstOf(customer, email)
	return fault.None
}
