package stripe

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
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
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Now: receivetest.Arrival, Answer: Format.Answer, Body: []byte(body)}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r != nil {
			t.Fatal(r.Detail)
		}
		if r := receive.Name(Receiver{}, in, &b, "shop", receivetest.Arrival); r != nil || string(b.Items[0].ID) != want {
			t.Errorf("%s: %s, want %s", body, b.Items[0].ID, want)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, body := range receivetest.RecordedBodies(f) {
		f.Add(body)
	}
	f.Add([]byte(`{"type":"customer.subscription.created","data":{"object":{"metadata":[]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "application/json", nil, "Stripe-Signature", "t=1,v1=00")
	})
}

// TestStripeClientSecret: what a page may finish a payment with is not stored.
func TestStripeClientSecret(t *testing.T) {
	const body = `{"id":"evt_1","data":{"object":{"id":"pi_1","client_secret":"pi_1_secret_x"}}}`
	in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body), Answer: receive.Hook{}}
	var b receive.Batch
	if r := (Receiver{}).Split(in, &b); r != nil || len(b.Items) != 1 || strings.Contains(string(b.Items[0].Value), "_secret_") {
		t.Errorf("%v, %d items", r, len(b.Items))
	}
}
