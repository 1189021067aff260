package woocommerce

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes WooCommerce's webhooks apart.
type Receiver struct{}

// Claim names the shop by its site.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
	c.Key = site(r)
	return c
}

// site is the shop's URL without its scheme: host and, for one of several shops on a host, path.
func site(r *http.Request) string {
	site := r.Header.Get("X-Wc-Webhook-Source")
	if _, rest, found := strings.Cut(site, "://"); found {
		site = rest
	}
	return strings.ToLower(strings.Trim(site, "/ "))
}

// Greet answers the ping that WooCommerce sends, unsigned and as a form, when a webhook is saved; only 200 activates it.
func (Receiver) Greet(in *receive.Input, _ receive.Candidates, reply *receive.Reply) bool {
	number, isPing := bytes.CutPrefix(bytes.TrimSpace(in.Body), []byte("webhook_id="))
	if !isPing || len(number) == 0 || len(number) > 20 || len(bytes.Trim(number, "0123456789")) > 0 {
		return false
	}
	reply.Status = http.StatusOK
	return true
}

// facts are the headers that are kept with the item, and their names there.
var facts = []struct{ header, name string }{
	{"X-Wc-Webhook-Topic", storedTopic},
	{"X-Wc-Webhook-Source", storedSite},
	{"X-Wc-Webhook-Delivery-Id", storedDeliveryID},
	{"X-Wc-Webhook-Id", storedWebhookID},
}

// Split takes the body as it is.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	for _, fact := range facts {
		if v := in.Request.Header.Get(fact.header); v != "" {
			b.AddContextText(fact.name, []byte(v))
		}
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	return b.Add(jsonscan.Trim(in.Body))
}

// Identify names an order by site and number: its updates are one sale.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var own, customer, billing []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "id":
			own = in.ID(value)
		case "date_paid_gmt", "date_created_gmt":
			id.HasTime = id.HasTime || jsonscan.Kind(value) == 's'
		case "customer_id":
			customer = in.ID(value)
		case "billing":
			billing = value
		}
		return true
	})
	site := site(in.Request)
	isOrder := strings.HasPrefix(in.Request.Header.Get("X-Wc-Webhook-Topic"), "order.")
	if len(own) > 0 && site != "" && isOrder {
		id.EventID = receive.UsableID(in.Joined("woo-"+site+"-", own))
	}
	if id.Person = customer; customer == nil { // a guest
		id.Person = in.Person(billing)
	}
	return fault.None
}
