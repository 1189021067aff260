package mparticle

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestMParticleWorth: the total, else what one product is worth.
func TestMParticleWorth(t *testing.T) {
	for action, want := range map[string]string{
		`"total_amount":5,"products":[{"id":"a","price":2}]`: "5",
		`"total_amount":0`: "0",
		`"products":[{"id":"a","price":2.5,"quantity":2}]`:                          "5.0",
		`"products":[{"id":"a","price":2,"quantity":2,"total_product_amount":3.5}]`: "3.5",
		`"products":[{"id":"a","price":2},{"id":"b","price":3}]`:                    "",
		`"products":[{"id":"a"}]`:                                                   "",
		`"products":[{"price":2}]`:                                                  "",
		`"products":7`:                                                              "",
	} {
		out, end := mappingtest.AppEvent(t, Mapper{}, `{"batch":{},"event":{"event_type":"commerce_event","data":{"product_action":{"action":"add_to_cart",`+action+`}}}}`, nil)
		if got := string(out.Event.Custom.Value); end != "" || got != want {
			t.Errorf("%s: %q (%s), want %q", action, got, end, want)
		}
	}
}

// TestMParticleNames: an app's own event may be called like mParticle's actions and types, and is not one of these.
func TestMParticleNames(t *testing.T) {
	for item, want := range map[string]string{
		`{"event_type":"custom_event","data":{"event_name":"Click"}}`:                                  "Click",
		`{"event_type":"custom_event","data":{"event_name":"checkout"}}`:                               "checkout",
		`{"event_type":"custom_event","data":{"event_name":"Order Completed"}}`:                        "Purchase",
		`{"event_type":"custom_event","data":{"event_name":"Product Removed"}}`:                        "dropped",
		`{"event_type":"commerce_event","data":{"product_action":{"action":"checkout"}}}`:              "InitiateCheckout",
		`{"event_type":"commerce_event","data":{"product_action":{"action":"remove_from_wish_list"}}}`: "dropped",
		`{"event_type":"commerce_event","data":{"product_action":{"action":"unknown"}}}`:               "dropped",
		`{"event_type":"commerce_event","data":{"product_action":{"action":"mine"}}}`:                  "mine",
		`{"event_type":"pre_attribution"}`:                                                             "dropped",
		`{"event_type":"validation_result"}`:                                                           "dropped",
		`{"event_type":"something_new"}`:                                                               "invalid_field: event_type",
	} {
		in := mapping.Input{Raw: &event.Raw{Item: []byte(`{"batch":{},"event":` + item + `}`)}}
		var out mapping.Output
		got := "dropped"
		if err := (Mapper{}).Map(&in, &out); err != nil {
			got = err.Error()
		} else if !in.Rename(Format.Names, &out) {
			got = string(out.Event.Name)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

// TestMParticleConsent: a refused purpose of advertising is no consent, an opt-out of sale is limited use.
func TestMParticleConsent(t *testing.T) {
	for state, want := range map[string][2]string{
		`{"gdpr":{"advertising":{"consented":true}}}`:                                                {"granted", ""},
		`{"gdpr":{"Marketing":{"consented":false},"advertising":{"consented":true}}}`:                {"denied", ""},
		`{"gdpr":{"advertising":{"consented":true},"ad_user_data":{"consented":false}}}`:             {"denied", ""},
		`{"gdpr":{"functional":{"consented":false},"a purpose of a long name":{"consented":false}}}`: {"nothing", ""},
		`{"ccpa":{"data_sale_opt_out":{"consented":true}}}`:                                          {"nothing", `["LDU"]`},
		`{"ccpa":{"data_sale_opt_out":{"consented":false}}}`:                                         {"nothing", ""},
		`{"gdpr":7,"ccpa":[]}`: {"unreadable", ""},
	} {
		out, end := mappingtest.AppEvent(t, Mapper{}, `{"batch":{"consent_state":`+state+`},"event":{"event_type":"screen_view"}}`, nil)
		if got := [2]string{out.Consent.String(), string(out.Event.Options)}; end != "" || got != want {
			t.Errorf("%s: %q (%s), want %q", state, got, end, want)
		}
	}
}

// TestMParticlePlace: where the platform says it happened.
func TestMParticlePlace(t *testing.T) {
	for platform, want := range map[string]string{"iOS": "app", "Android": "app", "web": "website", "roku": "", "": ""} {
		out, _ := mappingtest.AppEvent(t, Mapper{}, `{"batch":{"device_info":{"platform":"`+platform+`"}},"event":{"event_type":"screen_view"}}`, nil)
		if got := string(out.Event.ActionSource); got != want || (len(out.Event.App.ExtInfo) == 16) != (want == "app") {
			t.Errorf("%s: %q, %d texts", platform, got, len(out.Event.App.ExtInfo))
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"batch":{"ip":"203.0.113.24","user_identities":{"email":"j@example.com"},"user_attributes":{"$zip":["1"]},"device_info":{"platform":"iOS","locale_language":"en","locale_country":"US"},"consent_state":{"gdpr":{"ads":{"consented":0}}}},"event":{"event_type":"commerce_event","data":{"timestamp_unixtime_ms":1795426080000,"currency_code":"USD","product_action":{"action":"purchase","products":[{"id":1,"price":"x"},7]}}}}`,
		`{"batch":7,"event":{"event_type":"custom_event","data":{"event_name":"Products Searched","custom_attributes":{"query":7}}}}`,
		`{"batch":{}}`, `{"event":7}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, item []byte) { mappingtest.MapAnything(t, Mapper{}, nil, item) })
}
