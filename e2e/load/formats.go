package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// The ids of the datasets that the senders post to; the configuration names them shop and other.
const (
	Shop  = "1234567890123456"
	Other = "6543210987654321"
)

const (
	secret  = "load-secret"
	site    = "load.example.com"
	shopKey = "load.myshopify.com"
)

// Refused is the event name that Rule makes the sandbox refuse.
const Refused = "LoadRefused"

// Rule is the sandbox's rule by which Meta refuses events of that name; it goes behind all others.
const Rule = `{"event_name":"` + Refused + `","status":400,"error":{"code":100,"error_subcode":2804019,"message":"refused by the load"}}`

// Sources are lines of the configuration's `sources`, for datasets of the names shop and other.
func Sources() string {
	return `
  load-capi-shop: {channel: website, format: capi, dataset: shop, key: "` + Shop + `", secrets: [secrets/load]}
  load-capi-other: {channel: website, format: capi, dataset: other, key: "` + Other + `", secrets: [secrets/load]}
  load-collect: {channel: website, format: collect, dataset: shop, secrets: [secrets/load]}
  load-lines: {channel: app, format: ndjson, dataset: other, secrets: [secrets/load]}
  load-shopify: {channel: platform, format: shopify, dataset: other, key: ` + shopKey + `, secrets: [secrets/load]}
  load-woo: {channel: platform, format: woocommerce, dataset: shop, key: ` + site + `, secrets: [secrets/load]}
`
}

// Secrets are the files that Sources name, and their contents.
func Secrets() map[string]string { return map[string]string{"secrets/load": secret} }

// senders are all senders. collect does not repeat what was refused: neither do pages.
func (l *Load) senders() []*sender {
	return []*sender{
		{name: "capi-shop", most: 10, repeat: true, make: graph(Shop)},
		{name: "capi-other", most: 10, repeat: true, make: graph(Other)},
		{name: "collect", most: 3, make: collect},
		{name: "lines", most: 20, repeat: true, make: lines},
		{name: "shopify", most: 1, repeat: true, make: shopify},
		{name: "woo", most: 1, repeat: true, make: woo},
	}
}

// next numbers an event and chooses how it is to end: most are delivered.
func (s *sender) next(id string) Event {
	e := Event{ID: id, Sender: s.name, Seq: s.seq, End: fault.Delivered}
	s.seq++
	switch s.rng.IntN(25) {
	case 0:
		e.End = fault.Dead
	case 1:
		e.End = fault.Dropped
	}
	return e
}

func (s *sender) id() string { return fmt.Sprintf("%s-%s-%06d", s.load.run, s.name, s.seq) }

// order is a number that no other order of this sender has, in this run or another.
func (s *sender) order() int64 { return s.load.number*1_000_000 + int64(s.seq) }

// serverEvent is Meta's JSON of an event. Dead ones die in the normalizer (no currency), in the forwarder (too old) or at Meta.
func (s *sender) serverEvent(e Event) map[string]any {
	data := map[string]any{"value": 10.5, "currency": "USD", "order_id": e.ID}
	event := map[string]any{
		"event_name": "Purchase", "event_id": e.ID, "event_time": time.Now().Unix(), "action_source": "website",
		"event_source_url": "https://shop.example.com/thanks", "custom_data": data,
		"user_data": map[string]any{"em": e.ID + "@example.com", "client_user_agent": "Mozilla/5.0", "client_ip_address": "203.0.113.9"},
	}
	switch {
	case e.End == fault.Dropped:
		event["consent"] = false
	case e.End == fault.Dead && s.seq%3 == 0:
		event["event_name"] = Refused
	case e.End == fault.Dead && s.seq%3 == 1:
		event["event_time"] = time.Now().Add(-8 * 24 * time.Hour).Unix()
	case e.End == fault.Dead:
		delete(data, "currency")
	}
	return event
}

// graph posts as Meta's SDKs do.
func graph(dataset string) func(*sender, int) request {
	return func(s *sender, n int) request {
		r := request{path: "/v25.0/" + dataset + "/events", header: bearer("application/json")}
		var events []any
		for range n {
			e := s.next(s.id())
			r.events, events = append(r.events, e), append(events, s.serverEvent(e))
		}
		r.body = text(map[string]any{"data": events})
		return r
	}
}

// lines posts a file of server events.
func lines(s *sender, n int) request {
	r := request{path: "/v1/sources/load-lines", header: bearer("application/x-ndjson")}
	for range n {
		e := s.next(s.id())
		r.events = append(r.events, e)
		r.body = append(append(r.body, text(s.serverEvent(e))...), '\n')
	}
	return r
}

// collect posts as a shop's own server does.
func collect(s *sender, n int) request {
	r := request{path: "/v1/website/collect?source=load-collect", header: bearer("application/json")}
	var events []any
	for range n {
		e := s.next(s.id())
		event := s.serverEvent(e)
		event["user"] = map[string]any{"email": e.ID + "@example.com", "client_user_agent": "Mozilla/5.0", "client_ip_address": "203.0.113.9"}
		delete(event, "user_data")
		r.events, events = append(r.events, e), append(events, event)
	}
	r.body = text(map[string]any{"events": events})
	return r
}

// shopify posts the webhook of one order; a test order is dropped.
func shopify(s *sender, _ int) request {
	id := s.order()
	e := s.next("shopify-order-" + strconv.FormatInt(id, 10))
	order := map[string]any{
		"id": id, "name": fmt.Sprint("#", s.seq), "app_id": 580111, "source_name": "web", "financial_status": "paid",
		"created_at": time.Now().Format(time.RFC3339), "processed_at": time.Now().Format(time.RFC3339),
		"currency": "USD", "total_price": "10.50", "email": e.ID + "@example.com", "test": e.End == fault.Dropped,
		"client_details": map[string]any{"browser_ip": "203.0.113.24", "user_agent": "Mozilla/5.0"}, "line_items": []any{},
	}
	if e.End == fault.Dead {
		delete(order, "currency")
	}
	r := request{path: "/v1/platform/shopify", body: text(order), events: []Event{e}, header: http.Header{
		"Content-Type": {"application/json"}, "X-Shopify-Topic": {"orders/paid"}, "X-Shopify-Shop-Domain": {shopKey},
		"X-Shopify-Webhook-Id": {e.ID},
	}}
	signature.Shopify{}.Sign(&signature.Request{Header: r.header, Body: r.body, Now: time.Now()}, secret)
	return r
}

// woo posts the webhook of one order; an order that is not paid is dropped.
func woo(s *sender, _ int) request {
	id := s.order()
	e := s.next(fmt.Sprintf("woo-%s-%d", site, id))
	const layout = "2006-01-02T15:04:05"
	order := map[string]any{
		"id": id, "number": strconv.FormatInt(id, 10), "status": "processing", "currency": "USD", "total": "10.50",
		"date_created_gmt": time.Now().UTC().Format(layout), "date_paid_gmt": time.Now().UTC().Format(layout),
		"customer_ip_address": "203.0.113.24", "customer_user_agent": "Mozilla/5.0",
		"billing": map[string]any{"email": e.ID + "@example.com", "country": "US"}, "line_items": []any{},
	}
	switch e.End {
	case fault.Dead:
		delete(order, "currency")
	case fault.Dropped:
		order["status"] = "pending"
		delete(order, "date_paid_gmt")
	}
	r := request{path: "/v1/platform/woocommerce", body: text(order), events: []Event{e}, header: http.Header{
		"Content-Type": {"application/json"}, "X-Wc-Webhook-Topic": {"order.updated"}, "X-Wc-Webhook-Source": {"https://" + site + "/"},
		"X-Wc-Webhook-Id": {"14"}, "X-Wc-Webhook-Delivery-Id": {e.ID},
	}}
	signature.WooCommerce{}.Sign(&signature.Request{Header: r.header, Body: r.body, Now: time.Now()}, secret)
	return r
}

func bearer(kind string) http.Header {
	return http.Header{"Authorization": {"Bearer " + secret}, "Content-Type": {kind}}
}

// text is v as JSON; all that is given to it can be encoded.
func text(v any) []byte {
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(v)
	return bytes.TrimSpace(b.Bytes())
}
