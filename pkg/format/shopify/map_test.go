package shopify

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/format/woocommerce"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// TestLinesThatAreNoCount: of goods by weight nobody says how many they are, in any shop system as in any cart.
func TestLinesThatAreNoCount(t *testing.T) {
	for lines, want := range map[string]string{
		`[{"sku":"a","quantity":2},{"sku":"b","quantity":1},{"sku":"","quantity":9}]`: "3",
		`[{"sku":"a","quantity":2},{"sku":"b","quantity":1.5}]`:                       "",
		`[{"sku":"a","quantity":2},{"sku":"b"}]`:                                      "",
	} {
		out, err := mappingtest.MapOne(woocommerce.Mapper{}, `{"status":"completed","date_paid_gmt":"2026-11-23T09:00:00","line_items":`+lines+`}`, `{"topic":"order.updated"}`)
		if got := mappingtest.Members(out)["num_items"]; err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", lines, got, err, want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"processed_at":"2026-11-23T04:30:00-05:00","total_price":"65.90","line_items":[{"variant_id":1,"quantity":2,"price":"1.5"},7]}`,
		`{"customer":{"customer":{"id":1}},"note_attributes":[{"name":"_fbc","value":"x"},1],"landing_site":"/?fbclid=a"}`,
		`{"client_details":7,"billing_address":[],"line_items":{}}`, `[]`,
	} {
		f.Add([]byte(`{"topic":"orders/paid","shop":"s.example.com"}`), []byte(seed))
		f.Add([]byte(`{"topic":"customers/create"}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}

// TestShopifyTakesTheFirstThatSays: each key from the first place that has one, empty and null ones passed by.
func TestShopifyTakesTheFirstThatSays(t *testing.T) {
	for name, tt := range map[string]struct {
		item string
		key  identity.Key
		want string
	}{
		"contact email":    {`{"email":"","contact_email":"c@example.com","customer":{"email":"d@example.com"}}`, identity.Em, "c@example.com"},
		"customer's email": {`{"email":null,"customer":{"email":"d@example.com"}}`, identity.Em, "d@example.com"},
		"billing phone":    {`{"phone":null,"billing_address":{"phone":"+1"},"customer":{"phone":"+2"}}`, identity.Ph, "+1"},
		"shipping city":    {`{"billing_address":null,"shipping_address":{"city":"Rome"}}`, identity.Ct, "Rome"},
		"customer's city":  {`{"customer":{"default_address":{"city":"Oslo"}}}`, identity.Ct, "Oslo"},
		"64-bit customer":  {`{"customer":{"id":9007199254740993}}`, identity.ExternalID, "9007199254740993"},
		"buyer's name":     {`{"billing_address":null,"customer":{"first_name":"Jane"},"shipping_address":{"first_name":"Gift","city":"Rome"}}`, identity.Fn, "Jane"},
		"name, no city":    {`{"billing_address":{"first_name":"Jane","city":null},"shipping_address":{"first_name":"Gift","city":"Rome"}}`, identity.Fn, "Jane"},
		"parcel's name":    {`{"customer":{"id":1},"shipping_address":{"first_name":"Gift","city":"Rome"}}`, identity.Fn, "Gift"},
		"newer address":    {`{"browser_ip":"203.0.113.1","client_details":{"browser_ip":"203.0.113.2"}}`, identity.ClientIPAddress, "203.0.113.2"},
		"till's address":   {`{"source_name":"pos","browser_ip":"203.0.113.1"}`, identity.ClientIPAddress, ""},
		"cookie":           {`{"note_attributes":[{"name":"gift","value":"x"},{"name":"_fbp","value":"fb.1.1.1"}]}`, identity.Fbp, "fb.1.1.1"},
		"click":            {`{"created_at":"2026-11-23T04:30:00-05:00","landing_site":"/p?x=1&fbclid=IwAR1"}`, identity.Fbc, "fb.1.1795426200000.IwAR1"},
		"no click":         {`{"created_at":"2026-11-23T04:30:00-05:00","landing_site":"/?fbclid=b","note_attributes":[{"name":"_fbc","value":"undefined"}]}`, identity.Fbc, "fb.1.1795426200000.b"},
		"own click first":  {`{"created_at":"2026-11-23T04:30:00-05:00","landing_site":"/?fbclid=b","note_attributes":[{"name":"_fbc","value":"fb.1.1.a"}]}`, identity.Fbc, "fb.1.1.a"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mappingtest.MappedValue(t, Mapper{}, `{"topic":"orders/paid"}`, tt.item, tt.key); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.key, got, tt.want)
			}
		})
	}
}

// TestShopifySubscriptions: a source's own events turn topics on, and off.
func TestShopifySubscriptions(t *testing.T) {
	in := mapping.Input{Events: map[string][]byte{"checkouts/create": []byte("InitiateCheckout"), "orders/create": nil, "products/create": []byte("New")}}
	for topic, want := range map[string]string{
		"checkouts/create": "InitiateCheckout", "orders/create": "dropped", "products/create": "New",
		"orders/paid": "Purchase", "orders/updated": "dropped", "themes/publish": "unmapped: x-shopify-topic",
	} {
		in.Raw = &event.Raw{Context: []byte(`{"topic":"` + topic + `"}`), Item: []byte(`{"id":1}`)}
		var out mapping.Output
		got := "dropped"
		if err := (Mapper{}).Map(&in, &out); err != nil {
			got = err.Error()
		} else if !in.Rename(names, &out) {
			got = string(out.Event.Name)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", topic, got, want)
		}
	}
}
