package channel

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// WooCommerce is a shop's webhooks: one order a request, signed with the webhook's secret. It never repeats one, and turns
// the webhook off after a few answers other than 2xx: its sources have no rate.
type WooCommerce struct{}

// Name is woocommerce.
func (WooCommerce) Name() string { return "woocommerce" }

// Routes is one.
func (f WooCommerce) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/woocommerce", Answer: f.Answer()}}
}

// Answer is 200.
func (WooCommerce) Answer() Answer { return Hook{} }

// Claim names the shop by its site.
func (WooCommerce) Claim(r *http.Request) Claim {
	c := headClaim(r)
	c.Key = wooSite(r)
	return c
}

// BodyClaims implements Format: always, the body is signed.
func (WooCommerce) BodyClaims(Claim) bool { return true }

// wooSite is the shop's URL without its scheme: host and, for one of several shops on a host, path.
func wooSite(r *http.Request) string {
	site := r.Header.Get("X-Wc-Webhook-Source")
	if _, rest, found := strings.Cut(site, "://"); found {
		site = rest
	}
	return strings.ToLower(strings.Trim(site, "/ "))
}

// Greet answers the ping that WooCommerce sends, unsigned and as a form, when a webhook is saved; only 200 activates it.
func (WooCommerce) Greet(in *Input, _ Candidates, reply *Reply) bool {
	number, isPing := bytes.CutPrefix(bytes.TrimSpace(in.Body), []byte("webhook_id="))
	if !isPing || len(number) == 0 || len(number) > 20 || len(bytes.Trim(number, "0123456789")) > 0 {
		return false
	}
	reply.Status = http.StatusOK
	return true
}

// wooFacts are the headers that are kept with the item, and their names there.
var wooFacts = []struct{ header, name string }{
	{"X-Wc-Webhook-Topic", "topic"},
	{"X-Wc-Webhook-Source", "site"},
	{"X-Wc-Webhook-Delivery-Id", "delivery_id"},
	{"X-Wc-Webhook-Id", "webhook_id"},
}

// Split takes the body as it is.
func (WooCommerce) Split(in *Input, b *Batch) *Refusal {
	sign(in, b, signature.WooCommerce{})
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	for _, fact := range wooFacts {
		if v := in.Request.Header.Get(fact.header); v != "" {
			b.addContextText(fact.name, []byte(v))
		}
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	return b.add(in, 0, jsonscan.Trim(in.Body))
}

// Identify names an order by site and number: its updates are one sale.
func (WooCommerce) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var own, customer, billing []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "id":
			own = in.first(value)
		case "date_paid_gmt", "date_created_gmt":
			id.HasTime = id.HasTime || jsonscan.Kind(value) == 's'
		case "customer_id":
			customer = in.first(value)
		case "billing":
			billing = value
		}
		return true
	})
	site := wooSite(in.Request)
	isOrder := strings.HasPrefix(in.Request.Header.Get("X-Wc-Webhook-Topic"), "order.")
	if len(own) > 0 && site != "" && isOrder {
		if named := in.template("woo-"+site+"-", own); usableID(named) {
			id.EventID = named
		}
	}
	switch {
	case len(customer) > 0 && string(customer) != "0":
		id.Person = customer
	default:
		id.Person = in.person(billing)
	}
	return fault.None
}
