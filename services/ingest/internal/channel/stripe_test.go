package channel

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func FuzzStripe(f *testing.F) {
	for _, body := range recordedBodies(f, "stripe") {
		f.Add(body)
	}
	f.Add([]byte(`{"type":"customer.subscription.created","data":{"object":{"metadata":[]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		decode(t, Stripe{}, Stripe{}.Answer(), body, "application/json", nil, "Stripe-Signature", "t=1,v1=00")
	})
}

// TestStripeClientSecret: what a page may finish a payment with is not stored.
func TestStripeClientSecret(t *testing.T) {
	for body, want := range map[string]string{
		`{"id":"evt_1","data":{"object":{"id":"pi_1","client_secret":"pi_1_secret_x","amount":1}}}`: `{"id":"evt_1","data":{"object":{"id":"pi_1","client_secret":null,"amount":1}}}`,
		`{"id":"evt_1","data":{"object":{"client_secret":"id"}}}`:                                   `{"id":"evt_1","data":{"object":{"client_secret":"id"}}}`,
		`{"id":"evt_1","data":[]}`: `{"id":"evt_1","data":[]}`,
	} {
		in := &Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body), Answer: Hook{}}
		var b Batch
		if r := (Stripe{}).Split(in, &b); r != nil || len(b.Items) != 1 || string(b.Items[0].Value) != want {
			t.Errorf("%v, %d items of %s", r, len(b.Items), body)
		}
	}
}
