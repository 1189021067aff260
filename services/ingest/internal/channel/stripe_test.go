package channel

import "testing"

func FuzzStripe(f *testing.F) {
	for _, body := range recordedBodies(f, "stripe") {
		f.Add(body)
	}
	f.Add([]byte(`{"type":"customer.subscription.created","data":{"object":{"metadata":[]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		decode(t, Stripe{}, Stripe{}.Answer(), body, "application/json", nil, "Stripe-Signature", "t=1,v1=00")
	})
}
