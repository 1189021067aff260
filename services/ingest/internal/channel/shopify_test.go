package channel

import (
	"testing"
)

func FuzzShopify(f *testing.F) {
	for _, body := range recordedBodies(f, "shopify") {
		f.Add(body, "orders/paid", "e-1")
	}
	f.Add([]byte(`{"id":1,"token":"t"}`), "customers/create", "")
	f.Add([]byte(`{"id":" "}`), "\xff", "\xff")
	f.Add([]byte(`7`), "carts/update", "")
	f.Fuzz(func(t *testing.T, body []byte, topic, happened string) {
		decode(t, Shopify{}, Hook{}, body, "application/json", nil, "X-Shopify-Topic", topic, "Shopify-Event-Id", happened)
	})
}
