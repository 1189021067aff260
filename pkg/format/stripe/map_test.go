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

// TestStripeNoVisit: what renews a subscription, and what a reader took, knows no browser, whatever metadata has.
func TestStripeNoVisit(t *testing.T) {
	const browser = `"metadata":{"client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0","event_source_url":"https://shop.example.com/","fbp":"fb.1.1.1"}`
	in := mapping.Input{Events: map[string][]byte{
		"invoice.paid": []byte("Subscribe"), "invoice.paid:subscription_create": []byte("Subscribe"), "invoice.paid:manual": []byte("Purchase"),
		"charge.succeeded": []byte("Purchase"), "payment_intent.succeeded": []byte("Purchase"),
	}}
	for item, want := range map[string]string{
		`{"type":"invoice.paid","data":{"object":{"object":"invoice","billing_reason":"subscription_cycle",` + browser + `}}}`:                             "system_generated",
		`{"type":"invoice.paid","data":{"object":{"object":"invoice","billing_reason":"manual",` + browser + `}}}`:                                         "system_generated",
		`{"type":"invoice.paid","data":{"object":{"object":"invoice","billing_reason":"subscription_create",` + browser + `}}}`:                            "website",
		`{"type":"charge.succeeded","data":{"object":{"object":"charge","payment_method_details":{"type":"card_present"},` + browser + `}}}`:               "physical_store",
		`{"type":"payment_intent.succeeded","data":{"object":{"object":"payment_intent","payment_method_types":["interac_present"],` + browser + `}}}`:     "physical_store",
		`{"type":"payment_intent.succeeded","data":{"object":{"object":"payment_intent","payment_method_types":["card","card_present"],` + browser + `}}}`: "website",
	} {
		in.Raw = &event.Raw{Item: []byte(item)}
		var out mapping.Output
		if err := (Mapper{}).Map(&in, &out); err != nil {
			t.Errorf("%s: %v", item, err)
			continue
		}
		visit := len(out.Event.SourceURL) > 0 && len(out.Event.User.Values) == 3
		if string(out.Event.ActionSource) != want || visit != (want == "website") {
			t.Errorf("%s: %s, %s, %d values; want %s", item, out.Event.ActionSource, out.Event.SourceURL, len(out.Event.User.Values), want)
		}
	}
}

// TestStripeTrial: a free subscription is a trial, unless the source calls it otherwise.
func TestStripeTrial(t *testing.T) {
	const session = `{"type":"checkout.session.completed","data":{"object":{"object":"checkout.session","mode":"subscription","payment_status":"no_payment_required","amount_total":0}}}`
	const invoice = `{"type":"invoice.paid","data":{"object":{"object":"invoice","billing_reason":"subscription_create","amount_paid":0}}}`
	for _, c := range []struct {
		item   string
		events map[string][]byte
		want   string
	}{
		{session, nil, "StartTrial"},
		{session, map[string][]byte{"checkout.session.completed:subscription": []byte("Subscribe")}, "StartTrial"},
		{session, map[string][]byte{"checkout.session.completed:subscription": []byte("Began")}, "Began"},
		{session, map[string][]byte{"checkout.session.completed:trial": []byte("Purchase")}, "Purchase"},
		{session, map[string][]byte{"checkout.session.completed": nil}, "dropped"},
		{invoice, map[string][]byte{"invoice.paid:subscription_create": []byte("Purchase")}, "StartTrial"},
	} {
		in := mapping.Input{Events: c.events, Raw: &event.Raw{Item: []byte(c.item)}}
		var out mapping.Output
		if err := (Mapper{}).Map(&in, &out); err != nil {
			t.Fatal(err)
		}
		got := "dropped"
		if !in.Rename(names, &out) {
			got = string(out.Event.Name)
		}
		if got != c.want {
			t.Errorf("%v: %s, want %s", c.events, got, c.want)
		}
	}
}
