package shopify

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, body := range receivetest.RecordedBodies(f) {
		f.Add(body, "orders/paid", "e-1")
	}
	f.Add([]byte(`{"id":1,"token":"t"}`), "customers/create", "")
	f.Add([]byte(`{"id":" "}`), "\xff", "\xff")
	f.Add([]byte(`7`), "carts/update", "")
	f.Fuzz(func(t *testing.T, body []byte, topic, happened string) {
		receivetest.Decode(t, Receiver{}, receive.Hook{}, body, "application/json", nil, "X-Shopify-Topic", topic, "Shopify-Event-Id", happened)
	})
}
