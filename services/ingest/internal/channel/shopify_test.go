package channel

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
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

// recordedBodies are the bodies of a format's recorded requests.
func recordedBodies(tb testing.TB, format string) [][]byte {
	tb.Helper()
	cases, err := recorded.Cases()
	if err != nil {
		tb.Fatal(err)
	}
	var bodies [][]byte
	for _, c := range cases {
		if c.Format != format {
			continue
		}
		r, err := c.Request()
		if err != nil {
			tb.Fatal(err)
		}
		bodies = append(bodies, r.Body)
	}
	if len(bodies) == 0 {
		tb.Fatalf("no recorded request of %s", format)
	}
	return bodies
}
