package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/adjust"
	"github.com/omnicapi/omnicapi/pkg/format/appsflyer"
	"github.com/omnicapi/omnicapi/pkg/format/branch"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestAppCarts: a product that an app puts into the cart is worth its price, a purchase only what the app says.
func TestAppCarts(t *testing.T) {
	for item, m := range map[string]mapping.Mapper{
		`{"event_name":"%s","event_value":{"af_content_id":"a","af_quantity":2,"af_price":"1.50","af_currency":"EUR"}}`:                  appsflyer.Mapper{},
		`{"name":"%s","event_data":{"currency":"EUR"},"content_items":[{"$sku":"a","$quantity":1,"$price":1},{"sku":"b","price":2.00}]}`: branch.Mapper{},
	} {
		for name, want := range map[string]string{"Add_To_Cart": "3", "AddToWishlist": "3", "ViewContent": "3", "Purchase": "", "mine": ""} {
			if name == "ViewContent" && strings.Contains(item, `"b"`) { // a list
				want = ""
			}
			out, err := mappingtest.MapOne(m, strings.Replace(item, "%s", name, 1), "")
			if err != nil || string(out.Event.Custom.Value) != want {
				t.Errorf("%T %s: %q %v, want %q", m, name, out.Event.Custom.Value, err, want)
			}
			if out, _ = mappingtest.MapOne(m, strings.Replace(strings.Replace(item, "%s", name, 1), "EUR", "", 1), ""); out.Event.Custom.Value != nil {
				t.Errorf("%T %s is worth %s of no currency", m, name, out.Event.Custom.Value)
			}
		}
	}
}

// TestAppsFlyerProducts: ids, quantities and prices belong together by their place, however they are written.
func TestAppsFlyerProducts(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{`{"af_content_id":["a","b"],"af_quantity":[2,3],"af_price":[1.5,"2"]}`, "a 2 1.5, b 3 2"},
		{`{"af_content_id":["a","b"],"af_quantity":[2]}`, "a 2 , b 1 "},
		{`{"af_content_id":["a","b"],"af_price":9}`, "a 1 9, b 1 "},
		{`{"af_content_id":"a","af_quantity":"2","af_price":1}`, "a 2 1"},
		{`{"af_content_id":7}`, "7 1 "},
		{`{"af_content_id":[null,"b"]}`, "b 1 "},
		{`{"af_quantity":2,"af_price":1}`, ""},
		{`{}`, ""},
		{`level 7`, ""},
		{`{"af_content_id":["a"],"af_price":["x"]}`, "a 1 "},
	} {
		text := string(new(mapping.Output).Quoted([]byte(c.value)))
		for _, item := range []string{c.value, text} {
			if item == "level 7" {
				continue // no JSON beside a text
			}
			out, end := mappingtest.AppEvent(t, appsflyer.Mapper{}, `{"event_name":"af_purchase","event_value":`+item+`}`, nil)
			if got := mappingtest.ContentsText(out); end != "" || got != c.want {
				t.Errorf("%s: %q (%s), want %q", item, got, end, c.want)
			}
		}
	}
}

// TestAppsFlyerMoney: AppsFlyer's reading of the revenue goes before the event's own.
func TestAppsFlyerMoney(t *testing.T) {
	for item, want := range map[string]string{
		`"event_revenue":2,"event_revenue_currency":"USD","event_value":"{\"af_revenue\":3,\"af_currency\":\"EUR\"}"`:      "2 USD",
		`"event_value":"{\"af_revenue\":\"3\",\"af_currency\":\"EUR\"}"`:                                                   "3 EUR",
		`"event_revenue":"","event_value":"{\"af_revenue\":\"3\"}","event_revenue_currency":"USD"`:                         "3 USD",
		`"event_revenue":2,"event_value":"{\"af_currency\":\"EUR\"}"`:                                                      "2 EUR",
		`"event_revenue":"N/A","event_revenue_currency":"USD","event_value":"{\"af_revenue\":30,\"af_currency\":\"EUR\"}"`: "30 EUR",
		`"event_revenue":"N/A","event_revenue_currency":"USD"`:                                                             " USD",
		`"event_value":"x"`: " ",
	} {
		out, _ := mappingtest.AppEvent(t, appsflyer.Mapper{}, `{"event_name":"af_purchase",`+item+`}`, nil)
		if got := string(out.Event.Custom.Value) + " " + string(out.Event.Custom.Currency); got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

// TestTrackingFlags: each partner's words for the permission to track; no word is none.
func TestTrackingFlags(t *testing.T) {
	for _, c := range []struct {
		m          mapping.Mapper
		item, want string
	}{
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"ios","att":"authorized"}`, "1"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"ios","att":"af_authorized"}`, "1"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"ios","att":"not_determined"}`, "0"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"ios","idfa":"A"}`, "0"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android","is_lat":"false"}`, "1"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android","is_lat":true,"advertising_id":"A"}`, "0"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android","is_lat":"?"}`, "0"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android","advertising_id":"A"}`, "1"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android","advertising_id":"00000000-0000"}`, "0"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android"}`, "0"},
		{appsflyer.Mapper{}, `{"event_name":"a","platform":"android","idfa":"00000000-0000","advertising_id":"A"}`, "1"},
		{adjust.Mapper{}, `{"event":"a","tracking_enabled":"1"}`, "1"},
		{adjust.Mapper{}, `{"event":"a","tracking_enabled":"0"}`, "0"},
		{adjust.Mapper{}, `{"event":"a","tracking_limited":"0"}`, "1"},
		{adjust.Mapper{}, `{"event":"a","tracking_enabled":"{tracking_enabled}"}`, "0"},
		{adjust.Mapper{}, `{"event":"a"}`, "0"},
		{branch.Mapper{}, `{"name":"a","user_data":{"limit_ad_tracking":false}}`, "1"},
		{branch.Mapper{}, `{"name":"a","user_data":{"limit_ad_tracking":false,"opted_in_status":"DENIED"}}`, "0"},
		{branch.Mapper{}, `{"name":"a","user_data":{"limit_ad_tracking":true}}`, "0"},
		{branch.Mapper{}, `{"name":"a"}`, "0"},
	} {
		out, end := mappingtest.AppEvent(t, c.m, c.item, nil)
		a := &out.Event.App
		if end != "" || string(a.AdvertiserTracking) != c.want || string(a.ApplicationTracking) != "1" || len(a.ExtInfo) != 16 {
			t.Errorf("%s: %s %s, %d texts (%s), want %s", c.item, a.AdvertiserTracking, a.ApplicationTracking, len(a.ExtInfo), end, c.want)
		}
	}
}

// TestAppTime: AppsFlyer's times have no zone and are UTC; Branch counts milliseconds, Adjust seconds.
func TestAppTime(t *testing.T) {
	for _, c := range []struct {
		m    mapping.Mapper
		item string
		want int64
		end  string
	}{
		{appsflyer.Mapper{}, `{"event_name":"a","event_time":"2026-11-23 09:29:00.999"}`, 1795426140, ""},
		{appsflyer.Mapper{}, `{"event_name":"a","event_time":"2026-11-23 09:29:00"}`, 1795426140, ""},
		{appsflyer.Mapper{}, `{"event_name":"a","event_time":"2026-11-23T09:29:00Z"}`, 1795426140, ""},
		{appsflyer.Mapper{}, `{"event_name":"a"}`, mappingtest.Received.Unix(), ""},
		{appsflyer.Mapper{}, `{"event_name":"a","event_time":"2026-02-30 00:00:00.000"}`, mappingtest.Received.Unix(), ""},
		{appsflyer.Mapper{}, `{"event_name":"a","event_time":"soon","event_time_selected_timezone":"2026-11-23 10:29:00.000+0100"}`, 1795426140, ""},
		{adjust.Mapper{}, `{"event":"a","created_at":"1795426140"}`, 1795426140, ""},
		{adjust.Mapper{}, `{"event":"a","created_at":"{created_at}"}`, mappingtest.Received.Unix(), ""},
		{branch.Mapper{}, `{"name":"a","timestamp":1795426140999}`, 1795426140, ""},
		{branch.Mapper{}, `{"name":"a","timestamp":[]}`, mappingtest.Received.Unix(), ""},
		{branch.Mapper{}, `{"name":"a","timestamp":true}`, mappingtest.Received.Unix(), ""},
		{branch.Mapper{}, `{"name":"a","timestamp":"x","timestamp_iso":"2026-11-23T09:29:00.000Z"}`, 1795426140, ""},
		{adjust.Mapper{}, `{"event":"a","created_at":"2026-11-23T09:29:00Z+0000"}`, 1795426140, ""},
	} {
		if out, end := mappingtest.AppEvent(t, c.m, c.item, nil); end != c.end || out.Event.Time != c.want {
			t.Errorf("%s: %d (%s), want %d (%s)", c.item, out.Event.Time, end, c.want, c.end)
		}
	}
}

// TestAdjustNames: a token's row of the source's table goes before the name, which anybody can edit.
func TestAdjustNames(t *testing.T) {
	events := map[string][]byte{"tok": []byte("Lead"), "Basket": []byte("AddToCart"), "gone": nil, "subscription": []byte("Subscribe")}
	for item, want := range map[string]string{
		`{"event":"tok","event_name":"Basket"}`:                          "tok",
		`{"event":"other","event_name":"Basket"}`:                        "Basket",
		`{"event":"other"}`:                                              "other",
		`{"event":"other","event_name":"{event_name}"}`:                  "other",
		`{"activity_kind":"event","event":"gone","event_name":"Basket"}`: "gone",
		`{"activity_kind":"install","event":"tok"}`:                      "install",
		`{"activity_kind":"rejected_install"}`:                           "rejected_installunmapped: activity_kind",
		`{"activity_kind":"a_kind_of_tomorrow","event":"tok"}`:           "a_kind_of_tomorrowunmapped: activity_kind",
		`{"activity_kind":"subscription"}`:                               "subscription",
		`{"activity_kind":"event"}`:                                      "missing_field: event_name",
		`{}`:                                                             "missing_field: event_name",
		`7`:                                                              "undecodable: item",
	} {
		out, end := mappingtest.AppEvent(t, adjust.Mapper{}, item, events)
		if got := string(out.Event.Name) + end; got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
}

// TestBranchVariants: a body without os names its platform another way, and products may have the only currency; prices in
// another than the event's are not its value.
func TestBranchVariants(t *testing.T) {
	for platform, want := range map[string]string{"IOS_APP": "i2", "ANDROID_APP": "a2", "OTHER": ""} {
		out, _ := mappingtest.AppEvent(t, branch.Mapper{}, `{"name":"a","user_data":{"platform":"`+platform+`","os_version":"1"}}`, nil)
		if len(out.Event.App.ExtInfo) != 16 || string(out.Event.App.ExtInfo[0]) != want {
			t.Errorf("%s: %q", platform, out.Event.App.ExtInfo)
		}
	}
	for data, want := range map[string]string{`{}`: "2 USD", `{"currency":"usd"}`: "2 usd", `{"currency":"EUR"}`: " EUR"} {
		out, _ := mappingtest.AppEvent(t, branch.Mapper{}, `{"name":"ADD_TO_CART","event_data":`+data+`,"content_items":[{"$sku":"a","$price":2,"$currency":"USD"},{"$sku":"b","$price":0,"$currency":"USD"}]}`, nil)
		out.CompleteCurrency()
		if got := string(out.Event.Custom.Value) + " " + string(out.Event.Custom.Currency); got != want {
			t.Errorf("%s: %q, want %q", data, got, want)
		}
	}
}

// TestBranchConsent: what the app told Branch of the European user's consent.
func TestBranchConsent(t *testing.T) {
	var got []string
	for _, value := range []string{"true", "false", `"1"`, `"0"`, `"maybe"`, "null"} {
		out, _ := mappingtest.AppEvent(t, branch.Mapper{}, `{"name":"a","user_data":{"dma_ad_user_data":`+value+`}}`, nil)
		got = append(got, out.Consent.String())
	}
	if diff := cmp.Diff([]string{"granted", "denied", "granted", "denied", "unreadable", "nothing"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzApp(f *testing.F) {
	for _, seed := range []string{
		`{"event_name":"af_purchase","event_time":"2026-11-23 09:30:00.000","event_value":"{\"af_content_id\":[\"a\"],\"af_price\":[1]}","platform":"ios","att":"authorized"}`,
		`{"event":"abc","event_name":"{x}","created_at":"1795426080","revenue_float":"1.5","email":"j@example.com","tracking_limited":"0"}`,
		`{"name":"PURCHASE","timestamp":1795426080123,"event_data":{"revenue":1},"content_items":{"$sku":"1"},"user_data":{"platform":"WEB","dma_ad_user_data":7}}`,
		`{"name":"a","content_items":[7]}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, item []byte) {
		mappingtest.MapAnything(t, appsflyer.Mapper{}, nil, item)
		mappingtest.MapAnything(t, adjust.Mapper{}, nil, item)
		mappingtest.MapAnything(t, branch.Mapper{}, nil, item)
	})
}
