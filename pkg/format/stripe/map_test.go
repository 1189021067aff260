package stripe

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"type":"checkout.session.completed","created":1795425600,"data":{"object":{"object":"checkout.session","payment_status":"paid","mode":"subscription","amount_total":5,"currency":"kwd","metadata":{"fbp":1},"customer_details":{"name":"A B"},"success_url":"https://a/b"}}}`,
		`{"type":"customer.subscription.created","data":{"object":{"object":"subscription","trial_end":1,"items":{"data":[{"price":{"id":1},"quantity":2},7]}}}}`,
		`{"type":"x","livemode":false,"data":{"object":{}}}`, `{"data":[]}`, `7`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, item []byte) { mappingtest.MapAnything(t, Mapper{}, nil, item) })
}

// TestStripeAmounts: the currencies without minor units, with three places, and the two that Stripe counts against ISO.
func TestStripeAmounts(t *testing.T) {
	for _, tt := range []struct{ amount, currency, want string }{
		{"6590", "usd", "65.90"},
		{"5", "EUR", "0.05"},
		{"0", "usd", "0.00"},
		{"50", "usd", "0.50"},
		{"4980", "jpy", "4980"},
		{"0", "KRW", "0"},
		{"12340", "kwd", "12.340"},
		{"7", "tnd", "0.007"},
		{"50000", "isk", "500.00"},
		{"500", "ugx", "5.00"},
		{"-150", "usd", "-1.50"},
		{"100", "", "1.00"},
		{"65.90", "usd", ""},
		{"", "usd", ""},
		{"-", "usd", ""},
		{"1e3", "usd", "10.00"},
		{"1e-3", "usd", ""},
	} {
		if got := mappingtest.MinorText(tt.amount, stripePlaces([]byte(tt.currency))); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.amount, tt.currency, got, tt.want)
		}
	}
}

// TestStripeByConfiguration: a source's events make subscriptions another event and turn renewals on.
func TestStripeByConfiguration(t *testing.T) {
	in := mapping.Input{Events: map[string][]byte{
		"checkout.session.completed:subscription": []byte("Subscribe"), "invoice.paid": []byte("Subscribe"),
		"invoice.payment_succeeded:subscription_create": []byte("Purchase"), "customer.subscription.created": []byte("Subscribe"),
	}}
	for item, want := range map[string]string{
		`{"type":"checkout.session.completed","data":{"object":{"object":"checkout.session","mode":"subscription","payment_status":"paid"}}}`: "Subscribe",
		`{"type":"checkout.session.completed","data":{"object":{"object":"checkout.session","mode":"payment","payment_status":"paid"}}}`:      "Purchase",
		`{"type":"invoice.paid","data":{"object":{"object":"invoice","billing_reason":"subscription_cycle"}}}`:                                "Subscribe",
		`{"type":"invoice.paid","data":{"object":{"object":"invoice","billing_reason":"subscription_create"}}}`:                               "unmapped: billing_reason",
		`{"type":"invoice.payment_succeeded","data":{"object":{"object":"invoice","billing_reason":"subscription_create"}}}`:                  "Purchase",
		`{"type":"customer.subscription.created","data":{"object":{"object":"subscription","status":"active","trial_end":null}}}`:             "Subscribe",
		`{"type":"invoice.sent","data":{"object":{"object":"invoice"}}}`:                                                                      "unmapped: type",
	} {
		in.Raw = &event.Raw{Item: []byte(item)}
		var out mapping.Output
		got := ""
		if err := (Mapper{}).Map(&in, &out); err != nil {
			got = err.Error()
		} else if !in.Rename(names, &out) {
			got = string(out.Event.Name)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", item, got, want)
		}
	}
}

// TestStripeEmptyMetadata: what the shop left empty says nothing.
func TestStripeEmptyMetadata(t *testing.T) {
	out, err := mappingtest.MapOne(Mapper{}, `{"type":"customer.subscription.created","data":{"object":{"object":"subscription","id":"sub_1","status":"trialing","metadata":{"order_id":"","client_user_agent":"","fbc":"undefined"}}}}`, "")
	if m := mappingtest.Members(out); err != nil || m["order_id"] != `"sub_1"` || string(out.Event.ActionSource) != "system_generated" {
		t.Errorf("%v %s %v", m, out.Event.ActionSource, err)
	}
}

func TestStripeNames(t *testing.T) {
	for full, want := range map[string]string{"Jane Doe": "Jane", " Jane  Doe ": "Jane", "Ana María López": "", "Cher": "", "": ""} {
		item := `{"type":"checkout.session.completed","data":{"object":{"object":"checkout.session","payment_status":"paid","customer_details":{"name":"` + full + `"}}}}`
		if got := mappingtest.MappedValue(t, Mapper{}, "", item, identity.Fn); got != want {
			t.Errorf("%q: first name %q, want %q", full, got, want)
		}
	}
}
