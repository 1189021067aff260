package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

// TestGuessedOrders: a page that guesses the ids of a shop's orders, before they come and while they do, costs none of them: each is
// delivered once, with its own value. So is what a backend names by ids of its own, which a page may share.
func TestGuessedOrders(t *testing.T) {
	t.Parallel()
	s := newStack(t, `
  woo: {channel: platform, format: woocommerce, dataset: shop, secrets: [secrets/api]}
  shopify: {channel: platform, format: shopify, dataset: shop, secrets: [secrets/api]}
  image: {channel: website, format: meta.pixel, dataset: shop, key: "77", origins: ["https://shop.example.com"]}
`)
	const orders, guesses = 30, 300
	page := http.Header{"Origin": {"https://shop.example.com"}, "Content-Type": {"application/json"}, "X-Forwarded-For": {"203.0.113.9"}, "User-Agent": {"Mozilla/5.0"}}
	guess := func(id string) {
		body := fmt.Sprintf(`{"event_name":"Purchase","event_id":%q,"user":{"em":"somebody@else.example.org"},"custom_data":{"value":0.01,"currency":"USD"}}`, id)
		if status, answer, _ := send(t, http.MethodPost, s.ingestURL+"/v1/website/collect", page, body); status != http.StatusAccepted {
			t.Fatalf("a page's %s: %d %s", id, status, answer)
		}
	}
	image := func(id string) {
		query := url.Values{"id": {"77"}, "ev": {"Purchase"}, "eid": {id}, "cd[value]": {"0.01"}, "cd[currency]": {"USD"}, "ud[em]": {"somebody@else.example.org"}}
		if status, answer, _ := send(t, http.MethodGet, s.ingestURL+"/tr/?"+query.Encode(), page, ""); status != http.StatusOK {
			t.Fatalf("an image's %s: %d %s", id, status, answer)
		}
	}
	want := map[string]string{}
	var ids []string
	order := func(n int) {
		s.order(signature.WooCommerce{}, "/v1/platform/woocommerce", map[string]string{
			"X-WC-Webhook-Source": "https://woo-shop.example.com/", "X-WC-Webhook-Topic": "order.created",
		}, map[string]any{
			"id": n, "status": "processing", "currency": "USD", "total": fmt.Sprintf("%d.90", 100+n), "date_paid_gmt": time.Now().UTC().Format("2006-01-02T15:04:05"),
			"billing": map[string]any{"email": "jane.doe@example.com"},
		})
		s.order(signature.Shopify{}, "/v1/platform/shopify", map[string]string{
			"X-Shopify-Topic": "orders/paid", "X-Shopify-Shop-Domain": "example-shop.myshopify.com",
		}, map[string]any{
			"id": n, "currency": "USD", "total_price": fmt.Sprintf("%d.50", 200+n), "processed_at": time.Now().UTC().Format(time.RFC3339),
			"email": "jane.doe@example.com",
		})
		woo, shopify, own := fmt.Sprintf("woo-woo-shop.example.com-%d", n), fmt.Sprintf("shopify-order-%d", n), fmt.Sprintf("backend-%d", n)
		s.take(shopID, purchase(own))
		want[woo], want[shopify], want[own] = fmt.Sprintf("%d.9", 100+n), fmt.Sprintf("%d.5", 200+n), fmt.Sprint(purchase(own)["custom_data"].(map[string]any)["value"])
		ids = append(ids, woo, shopify, own)
	}
	for i := range guesses {
		n := i + 1
		guess(fmt.Sprintf("woo-woo-shop.example.com-%d", n))
		if n <= orders {
			image(fmt.Sprintf("shopify-order-%d", n))
			guess(fmt.Sprintf("backend-%d", n))
		}
		if n > guesses-orders {
			order(n - (guesses - orders))
		}
	}
	s.waitFates(2*time.Minute, ids)
	for id, value := range want {
		var proven int
		eventually(t, time.Minute, id+" at the sandbox", func() (bool, string) {
			proven = 0
			var saw []string
			for _, a := range s.arrived(url.Values{"event_id": {id}}) {
				got := fmt.Sprint(a.Event["custom_data"].(map[string]any)["value"])
				saw = append(saw, got)
				if strings.TrimRight(got, "0") == strings.TrimRight(value, "0") {
					proven++
				} else if !strings.HasPrefix(id, "backend-") {
					t.Fatalf("%s was delivered with the value %s, want %s", id, got, value)
				}
			}
			return proven > 0, fmt.Sprint(saw)
		})
		if proven != 1 {
			t.Errorf("%s was delivered %d times", id, proven)
		}
	}
	s.tracesApart("backend-1")
}

// order posts a signed webhook.
func (s *stack) order(scheme signature.Scheme, path string, headers map[string]string, body map[string]any) {
	s.t.Helper()
	header, text := s.signed(scheme, path, headers, body)
	if status, answer, _ := send(s.t, http.MethodPost, s.ingestURL+path, header, text); status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, status, answer)
	}
}

// signed is a webhook as its sender signs it.
func (s *stack) signed(scheme signature.Scheme, path string, headers map[string]string, body map[string]any) (http.Header, string) {
	r := &signature.Request{Method: http.MethodPost, URL: s.ingestURL + path, Header: http.Header{}, Body: []byte(jsonOf(body)), Now: time.Now()}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	scheme.Sign(r, apiSecret)
	return r.Header, string(r.Body)
}

// tracesApart asks trace for an id that a page and a backend gave: it shows the two events, the proven one first.
func (s *stack) tracesApart(id string) {
	s.t.Helper()
	out, errs, code := run(s.t, time.Minute, "omnicapi", "trace", "-c", s.config, "--output", "json", id)
	if code != 0 {
		s.t.Fatalf("trace: exit %d\n%s", code, errs)
	}
	var got []string
	for line := range strings.Lines(out) {
		var one struct{ Source, Trust, Fate string }
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			s.t.Fatal(err)
		}
		got = append(got, one.Source+" "+one.Trust+" "+one.Fate)
	}
	if want := "api proven delivered, snippet unproven delivered"; strings.Join(got, ", ") != want {
		s.t.Errorf("trace shows %q, want %s", got, want)
	}
}
