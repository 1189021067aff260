package channel

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestStripeIDs: what names an event: the shop's own id, the renewal's invoice, else what happened.
func TestStripeIDs(t *testing.T) {
	for body, want := range map[string]string{
		`{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","metadata":{"event_id":"order-1"}}}}`:   "order-1",
		`{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","metadata":{}}}}`:                       "evt_1",
		`{"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1","metadata":{"event_id":"order-1"}}}}`:               "in_1",
		`{"id":"evt_2","type":"invoice.payment_succeeded","data":{"object":{"id":"in_1"}}}`:                                    "in_1",
		`{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1","metadata":{"event_id":"order-1"}}}}`: "order-1",
		`{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1","metadata":{"event_id":""}}}}`:        "cs_1",
		`{"id":"evt_1","type":"charge.refunded","data":{"object":{"id":"ch_1","metadata":{"event_id":"order-1"}}}}`:            "evt_1",
	} {
		in := &Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Now: arrival, Answer: Stripe{}.Answer(), Body: []byte(body)}
		var b Batch
		if r := (Stripe{}).Split(in, &b); r != nil {
			t.Fatal(r.Detail)
		}
		if r := Name(Stripe{}, in, &b, "shop", arrival); r != nil || string(b.Items[0].ID) != want {
			t.Errorf("%s: %s, want %s", body, b.Items[0].ID, want)
		}
	}
}

func FuzzStripe(f *testing.F) {
	for _, body := range recordedBodies(f, "stripe") {
		f.Add(body)
	}
	f.Add([]byte(`{"type":"customer.subscription.created","data":{"object":{"metadata":[]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		decode(t, Stripe{}, Stripe{}.Answer(), body, "application/json", nil, "Stripe-Signature", "t=1,v1=00")
	})
}
