package e2e

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

// vendorRequest is what clients/node/signatures.mjs reads, vendorAnswer what it writes.
type vendorRequest struct {
	Scheme  string            `json:"scheme"`
	Secret  string            `json:"secret"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Body    string            `json:"body"`
	Headers map[string]string `json:"headers"`
	Extra   map[string]string `json:"extra,omitempty"` // headers that the library wants beside the signature
	Time    int64             `json:"time"`
}

type vendorAnswer struct {
	Holds   bool              `json:"holds"`
	Headers map[string]string `json:"headers"`
}

// TestVendorsSignatures: the vendors' own libraries accept our signatures and refuse them for another body, and we accept
// theirs.
func TestVendorsSignatures(t *testing.T) {
	needClients(t)
	schemes := map[string]signature.Scheme{
		"stripe": signature.Stripe{}, "square": signature.Square{}, "hubspot": signature.HubSpot{}, "shopify": signature.Shopify{},
	}
	shopify := map[string]string{
		"X-Shopify-Topic": "orders/paid", "X-Shopify-Shop-Domain": "example-shop.myshopify.com", "X-Shopify-Api-Version": "2026-01",
		"X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
	}
	const body, tampered = `{"id":"ü 1","amount":100}`, `{"id":"ü 1","amount":900}`
	now := time.Now()
	var requests []vendorRequest
	for _, name := range []string{"stripe", "square", "hubspot", "shopify"} {
		for _, sent := range []string{body, tampered} {
			r := &signature.Request{
				Method: http.MethodPost, URL: "https://ingest.example.com/v1/hooks?a=b", Header: http.Header{}, Body: []byte(body), Now: now,
			}
			schemes[name].Sign(r, "whsec_secret")
			v := vendorRequest{Scheme: name, Secret: "whsec_secret", Method: r.Method, URL: r.URL, Body: sent, Headers: map[string]string{}, Time: now.Unix()}
			for h := range r.Header {
				v.Headers[h] = r.Header.Get(h)
			}
			if name == "shopify" {
				v.Extra = shopify
			}
			requests = append(requests, v)
		}
	}
	input, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	var answers []vendorAnswer
	if err := json.Unmarshal(runClient(t, input, nil, "node", filepath.Join("clients", "node", "signatures.mjs")), &answers); err != nil {
		t.Fatal(err)
	}
	for i, r := range requests {
		a := answers[i]
		if want := r.Body == body; a.Holds != want {
			t.Errorf("%s: the vendor takes ours: %v, want %v", r.Scheme, a.Holds, want)
		}
		if len(a.Headers) == 0 {
			t.Fatalf("%s: the vendor makes no signature", r.Scheme)
		}
		theirs := &signature.Request{Method: r.Method, URL: r.URL, Header: http.Header{}, Body: []byte(r.Body), Now: now}
		for name, value := range a.Headers {
			theirs.Header.Set(name, value)
		}
		if !schemes[r.Scheme].Holds(theirs, r.Secret) {
			t.Errorf("%s: we refuse the vendor's own", r.Scheme)
		}
		if schemes[r.Scheme].Holds(theirs, "another") {
			t.Errorf("%s: we take it with another secret", r.Scheme)
		}
	}
}
