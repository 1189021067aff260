package signature_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// vector is a request with a signature that this package did not make.
type vector struct {
	name   string
	scheme signature.Scheme
	secret string
	method string
	url    string
	body   string
	at     int64 // Unix seconds; 0: the scheme has no time
	header []string
}

const (
	hubspotExample = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
	hubspotChange  = `[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]`
	squareTest     = `{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}`
	stripeEvent    = `{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event","type":"payment_intent.succeeded"}`
	wooOrder       = `{"id":727,"status":"processing","total":"29.35"}`
)

// vectors are the vendors' own where they publish one: GitHub's documentation (its header and scheme are Meta's),
// HubSpot's of v1 and v2, the tests of Square's SDKs. Stripe's and WooCommerce's are computed with openssl and Python's
// hmac, the recorded requests (see recordedVectors) by the reference that came with them.
var vectors = []vector{
	{
		name: "meta", scheme: signature.Meta{}, secret: "It's a Secret to Everybody", method: "POST", body: "Hello, World!",
		header: []string{"X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
	},
	{
		name: "square", scheme: signature.Square{}, secret: "Ibxx_5AKakO-3qeNVR61Dw", method: "POST",
		url: "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9", body: squareTest,
		header: []string{"X-Square-Hmacsha256-Signature", "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="},
	},
	{
		name: "hubspot v1", scheme: signature.HubSpot{}, secret: hubspotExample, method: "POST", url: "https://www.example.com/any", body: hubspotChange,
		header: []string{"X-HubSpot-Signature", "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de", "X-HubSpot-Signature-Version", "v1"},
	},
	{
		name: "hubspot v2, GET", scheme: signature.HubSpot{}, secret: hubspotExample, method: "GET", url: "https://www.example.com/webhook_uri",
		header: []string{"X-HubSpot-Signature", "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e", "X-HubSpot-Signature-Version", "v2"},
	},
	{
		name: "hubspot v2, POST", scheme: signature.HubSpot{}, secret: hubspotExample, method: "POST", url: "https://www.example.com/webhook_uri",
		body:   `{"example_field":"example_value"}`,
		header: []string{"X-HubSpot-Signature", "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900", "X-HubSpot-Signature-Version", "v2"},
	},
	{
		name: "stripe", scheme: signature.Stripe{}, secret: "whsec_test_secret", method: "POST", body: stripeEvent, at: 1795426200,
		header: []string{"Stripe-Signature", "t=1795426200,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39,v1=8afd9ac952c38914c3db7164248a3bed74228e478a9edf4a36b3e0044641116d"},
	},
	{
		name: "stripe, a secret being rolled", scheme: signature.Stripe{}, secret: "whsec_test_secret", method: "POST", body: stripeEvent, at: 1795426200,
		header: []string{"Stripe-Signature", "t=1795426200,v1=1cdd80b88c1ed98213b1e1548e4b03db7e11e44cbbe0a588e266d8f7ed4ca9e2,v1=8afd9ac952c38914c3db7164248a3bed74228e478a9edf4a36b3e0044641116d"},
	},
	{
		name: "woocommerce", scheme: signature.WooCommerce{}, secret: "test_woo_secret", method: "POST", body: wooOrder,
		header: []string{"X-WC-Webhook-Signature", "tQH+b3aHtRAkbwjfaT/oImhLbGoFIUxlgSbRyNKz9FU="},
	},
	{
		name: "woocommerce, entities", scheme: signature.WooCommerce{}, secret: "a&amp;b&lt;&quot;c&#039;", method: "POST", body: wooOrder,
		header: []string{"X-WC-Webhook-Signature", "SAR/EP4ks1/tk7Q9hda6/iDzoHpTsIYUvoNN+Te0FUk="},
	},
}

// recordedVectors returns the recorded requests that are signed.
func recordedVectors(tb testing.TB) []vector {
	tb.Helper()
	var list []vector
	for _, c := range []struct {
		format, name string
		scheme       signature.Scheme
	}{
		{"whatsapp", "whatsapp-cloud-ctwa", signature.Meta{}},
		{"whatsapp", "whatsapp-cloud-status", signature.Meta{}},
		{"meta.leadgen", "crm-meta-leadgen", signature.Meta{}},
		{"shopify", "platform-shopify-order", signature.Shopify{}},
		{"hubspot", "crm-hubspot-v3", signature.HubSpot{}},
	} {
		r, err := recorded.Case{Format: c.format, Name: c.name}.Request()
		if err != nil {
			tb.Fatal(err)
		}
		secret, err := recorded.Secret(c.format)
		if err != nil {
			tb.Fatal(err)
		}
		v := vector{name: c.name, scheme: c.scheme, secret: secret, method: r.Method, url: r.URL, body: string(r.Body)}
		if c.format == "hubspot" {
			v.at = recorded.Moment
		}
		for name := range r.Header {
			v.header = append(v.header, name, r.Header.Get(name))
		}
		list = append(list, v)
	}
	return list
}

func all(tb testing.TB) []vector {
	tb.Helper()
	return append(recordedVectors(tb), vectors...)
}

// request returns the vector's request as it arrives.
func (v *vector) request() *signature.Request {
	h := http.Header{}
	for i := 0; i < len(v.header); i += 2 {
		h.Set(v.header[i], v.header[i+1])
	}
	at := v.at
	if at == 0 {
		at = recorded.Moment
	}
	return &signature.Request{Method: v.method, URL: v.url, Header: h, Body: []byte(v.body), Now: time.Unix(at, 0), AnyVersion: true}
}
