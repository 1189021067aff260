package segment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestSegmentTime: a clock is corrected only where it differs by more than a minute.
func TestSegmentTime(t *testing.T) {
	for name, c := range map[string]struct {
		sent, item string
		want       int64
	}{
		"in step":                 {"2026-11-23T09:29:59.900Z", `"timestamp":"2026-11-23T09:29:00Z"`, 1795426140},
		"a minute of network":     {"2026-11-23T09:29:00Z", `"timestamp":"2026-11-23T09:28:00Z"`, 1795426080},
		"61 s behind":             {"2026-11-23T09:28:59Z", `"timestamp":"2026-11-23T09:28:00Z"`, 1795426141},
		"an hour ahead":           {"2026-11-23T10:30:00Z", `"timestamp":"2026-11-23T10:29:00Z"`, 1795426140},
		"the call's own sentAt":   {"2026-11-23T09:30:00Z", `"timestamp":"2026-11-23T09:19:00Z","sentAt":"2026-11-23T09:20:00Z"`, 1795426140},
		"unreadable sentAt":       {"soon", `"timestamp":"2026-11-23T09:29:00Z"`, 1795426140},
		"original time":           {"", `"originalTimestamp":"2026-11-23T09:29:00Z"`, 1795426140},
		"timestamp before it":     {"", `"timestamp":"2026-11-23T09:29:30Z","originalTimestamp":"2026-11-23T09:29:00Z"`, 1795426170},
		"no time but a wrong one": {"2026-11-23T08:30:00Z", `"timestamp":null`, 1795426200},
	} {
		var out mapping.Output
		in := mapping.Input{Raw: &event.Raw{Time: mappingtest.Received, SentAt: []byte(c.sent), Item: []byte(`{"type":"track","event":"Lead",` + c.item + `}`)}}
		if err := (Mapper{}).Map(&in, &out); err != nil || out.Event.Time != c.want || !out.Event.TimeSet {
			t.Errorf("%s: %d (%v), want %d", name, out.Event.Time, err, c.want)
		}
	}
}

// TestSegmentIntegrations: our name goes before All, the call's before the batch's.
func TestSegmentIntegrations(t *testing.T) {
	for name, c := range map[string]struct {
		batch, call string
		excluded    bool
	}{
		"nothing":              {`{}`, `{}`, false},
		"all":                  {`{}`, `{"All":true}`, false},
		"none":                 {`{}`, `{"All":false}`, true},
		"none but others":      {`{}`, `{"All":false,"Mixpanel":true}`, true},
		"none but us":          {`{}`, `{"All":false,"Facebook Conversions API (Actions)":{"x":1}}`, false},
		"none but us, rudder":  {`{}`, `{"All":false,"FACEBOOK_CONVERSIONS":true}`, false},
		"all but us":           {`{}`, `{"All":true,"omni-capi":false}`, true},
		"the batch excludes":   {`{"All":false}`, `{}`, true},
		"the call includes":    {`{"All":false}`, `{"All":true}`, false},
		"null says nothing":    {`{}`, `{"All":false,"Omni-CAPI":null}`, true},
		"closest name":         {`{}`, `{"Facebook Pixel":false,"Facebook Conversions API (Actions)":true,"facebook pixel":false}`, false},
		"closest name, no":     {`{}`, `{"Omni-CAPI":false,"Facebook Conversions API (Actions)":true}`, true},
		"the call's any name":  {`{"Omni-CAPI":true}`, `{"Facebook Pixel":false}`, true},
		"no object":            {`false`, `"All"`, false},
		"a name of any length": {`{}`, `{"a name that is far longer than any of our destinations' names":false}`, false},
	} {
		var out mapping.Output
		in := mapping.Input{Raw: &event.Raw{
			Time: mappingtest.Received, Context: []byte(`{"integrations":` + c.batch + `}`), Item: []byte(`{"type":"page","integrations":` + c.call + `}`),
		}}
		err := (Mapper{}).Map(&in, &out)
		end := fault.Of(err)
		if excluded := end != nil && end.Reason == fault.Suppressed; excluded != c.excluded || err != nil && !excluded {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSegmentPerson: traits of the call over the batch's, ids, split names, and no browser facts of a page's own word.
func TestSegmentPerson(t *testing.T) {
	for name, c := range map[string]struct {
		headers, context, item string
		want                   []string
	}{
		"deep merge": {
			"", `{"context":{"traits":{"email":"b@example.com","phone":"1","address":{"city":"A","country":"US"}}}}`,
			`"context":{"traits":{"email":"i@example.com","address":{"city":"B","postalCode":"1"}}}`,
			[]string{"em=i@example.com", "ph=1", "ct=B", "zp=1", "country=US"},
		},
		"ids":                          {"", `{}`, `"userId":7,"anonymousId":"a","context":{"traits":{"id":"t","lead_id":"5"}}`, []string{"external_id=7", "external_id=a", "lead_id=5", "external_id=t"}},
		"two words":                    {"", `{}`, `"context":{"traits":{"name":" Jane Doe "}}`, []string{"fn=Jane", "ln=Doe"}},
		"three words":                  {"", `{}`, `"context":{"traits":{"name":"Jane van Doe"}}`, nil},
		"a word":                       {"", `{}`, `"context":{"traits":{"name":"Jane"}}`, nil},
		"names before":                 {"", `{}`, `"context":{"traits":{"name":"Jane Doe","first_name":"J"}}`, []string{"fn=J"}},
		"a text address":               {"", `{}`, `"context":{"traits":{"address":"1 Main St, City"}}`, nil},
		"a trait is no browser's fact": {"", `{}`, `"context":{"traits":{"ip":"1.2.3.4","fbp":"fb.1.1.1","user_agent":"x"}}`, nil},
		"properties before context":    {"", `{}`, `"properties":{"fbp":"p"},"context":{"fbp":"c","clientIds":{"fbc":"d"}}`, []string{"fbp=p", "fbc=d"}},
		"a server's word":              {"", `{}`, `"context":{"ip":"203.0.113.9","userAgent":"Mozilla/5.0"}`, []string{"client_ip_address=203.0.113.9", "client_user_agent=Mozilla/5.0"}},
		"a page's word":                {`{"origin":"https://shop.example.com"}`, `{}`, `"context":{"ip":"203.0.113.9","userAgent":"Mozilla/5.0"}`, nil},
	} {
		var out mapping.Output
		in := mapping.Input{Raw: &event.Raw{Time: mappingtest.Received, Headers: []byte(c.headers), Context: []byte(c.context), Item: []byte(`{"type":"track","event":"Lead",` + c.item + `}`)}}
		if err := (Mapper{}).Map(&in, &out); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, mappingtest.UserTexts(&out)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSegmentPlace: where a call happened.
func TestSegmentPlace(t *testing.T) {
	for item, want := range map[string]string{
		`{"type":"track","event":"a","context":{"page":{"url":"https://x/"}}}`:                         "website",
		`{"type":"track","event":"a","context":{"userAgent":"Mozilla/5.0 (X11)"}}`:                     "website",
		`{"type":"track","event":"a","context":{"userAgent":"Go-http-client/1.1"}}`:                    "",
		`{"type":"track","event":"a"}`:                                                                 "",
		`{"type":"track","event":"a","context":{"device":{"type":"iOS"},"page":{"url":"https://x/"}}}`: "app",
		`{"type":"track","event":"a","context":{"device":{"type":"Android"}}}`:                         "app",
		`{"type":"track","event":"a","context":{"device":{"type":"desktop"}}}`:                         "",
		`{"type":"screen"}`: "app",
		`{"type":"track","event":"a","properties":{"action_source":"physical_store"},"context":{"device":{"type":"ios"}}}`: "physical_store",
		`{"type":"page","properties":{"url":"https://x/"}}`:                                                                "website",
		`{"type":"track","event":"a","properties":{"url":"https://x/"}}`:                                                   "",
	} {
		var out mapping.Output
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Time: mappingtest.Received, Item: []byte(item)}}, &out); err != nil {
			t.Error(err)
		}
		if got := string(out.Event.ActionSource); got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
		if got := len(out.Event.App.ExtInfo); got != 0 && got != 16 || (got == 16) != (want == "app") {
			t.Errorf("%s: %d texts of extinfo", item, got)
		}
	}
}

// TestSegmentValue: what an event is worth depends on what Meta calls it.
func TestSegmentValue(t *testing.T) {
	for name, c := range map[string]struct{ event, properties, want string }{
		"revenue first":        {"Order Completed", `{"total":3,"value":2,"revenue":1}`, "1"},
		"then value":           {"Checkout Started", `{"total":3,"value":2}`, "2"},
		"then total":           {"Order Completed", `{"total":"3.50"}`, "3.50"},
		"price of one":         {"Product Viewed", `{"price":9.5,"revenue":7}`, "9.5"},
		"price and quantity":   {"Product Added", `{"price":"0.05","quantity":3}`, "0.15"},
		"a quantity in grams":  {"Product Added", `{"price":2.5,"quantity":"0.500"}`, "1.2500"},
		"value before price":   {"product added to wishlist", `{"price":9,"quantity":2,"value":4}`, "4"},
		"a price with a code":  {"Product Added", `{"price":"9 EUR","quantity":2}`, "18"},
		"an unreadable amount": {"Product Added", `{"price":"about 9","quantity":2}`, ""},
		"unreadable beside":    {"Order Completed", `{"revenue":"about 9","currency":"EUR","products":[{"product_id":"a","price":5}]}`, ""},
		"value unreadable":     {"Product Added", `{"value":"about 9","currency":"EUR","products":[{"product_id":"a","price":5}]}`, ""},
		"too much to multiply": {"Product Added", `{"price":999999999999999999,"quantity":999999999999999999}`, ""},
		"of its products":      {"Product Added", `{"currency":"EUR","products":[{"product_id":"a","price":5,"quantity":2},{"id":"b","price":1}]}`, "11"},
		"of no currency":       {"Product Added", `{"products":[{"product_id":"a","price":5,"quantity":2}]}`, ""},
		"a name with blanks":   {" Product Added\t", `{"price":2}`, "2"},
		"own name":             {"My Event", `{"revenue":5}`, "5"},
		"a renamed one":        {"Basket", `{"price":2,"quantity":2}`, "4"},
	} {
		var out mapping.Output
		in := mapping.Input{
			Raw:    &event.Raw{Time: mappingtest.Received, Item: []byte(`{"type":"track","event":"` + c.event + `","properties":` + c.properties + `}`)},
			Events: map[string][]byte{"Basket": []byte("AddToCart")},
		}
		if err := (Mapper{}).Map(&in, &out); err != nil {
			t.Error(err)
		}
		if got := string(out.Event.Custom.Value); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestSegmentProductID: id is a product's in a product's event, elsewhere an order's or anything's.
func TestSegmentProductID(t *testing.T) {
	for event, want := range map[string]string{"Product Added": "X1 2 5", "Product Viewed": "X1 2 5", "Order Completed": "", "My Event": ""} {
		out, err := mappingtest.MapOne(Mapper{}, `{"type":"track","event":"`+event+`","properties":{"id":"X1","price":5,"quantity":2}}`, "")
		if got := mappingtest.ContentsText(out); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", event, got, err, want)
		}
	}
}

// TestSegmentConsentManagers: RudderStack's lists; and what a call does not say of advertising, its batch says.
func TestSegmentConsentManagers(t *testing.T) {
	const no = `{"consent":{"categoryPreferences":{"Advertising":false}}}`
	for _, c := range []struct{ batch, call, want string }{
		{`{}`, `{"consentManagement":{"deniedConsentIds":["analytics","Marketing"],"allowedConsentIds":["C0004"]}}`, `denied`},
		{`{}`, `{"consentManagement":{"deniedConsentIds":[],"allowedConsentIds":["C0004"]}}`, `granted`},
		{`{}`, `{"consentManagement":{"deniedConsentIds":["analytics",7],"allowedConsentIds":null}}`, `nothing`},
		{`{}`, `{"consentManagement":["marketing"]}`, `unreadable`},
		{no, `{"consent":{"categoryPreferences":{"Functional":true}}}`, `denied`},
		{no, `{"consent":{"categoryPreferences":{"Advertising":true}}}`, `granted`},
		{no, `{"consentManagement":{"deniedConsentIds":["analytics"]}}`, `denied`},
		{no, `{}`, `denied`},
	} {
		out, err := mappingtest.MapOne(Mapper{}, `{"type":"page","context":`+c.call+`}`, `{"context":`+c.batch+`}`)
		if got := out.Consent.String(); err != nil || got != c.want {
			t.Errorf("%s, %s: %q %v, want %q", c.batch, c.call, got, err, c.want)
		}
	}
}

// TestSegmentConsent: what a consent manager's categories say of advertising.
func TestSegmentConsent(t *testing.T) {
	for consent, want := range map[string]string{
		`{"categoryPreferences":{"Advertising":true,"Analytics":false}}`: `granted`,
		`{"categoryPreferences":{"Advertising":true,"C0004":false}}`:     `denied`,
		`{"categoryPreferences":{"Functional":false}}`:                   `nothing`,
		`{"ad_user_data":"denied"}`:                                      `denied`,
	} {
		var out mapping.Output
		item := `{"type":"page","context":{"consent":` + consent + `}}`
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Time: mappingtest.Received, Item: []byte(item)}}, &out); err != nil {
			t.Error(err)
		}
		if got := out.Consent.String(); got != want {
			t.Errorf("%s: %q, want %q", consent, got, want)
		}
	}
}

// TestAppFlags: without a word on tracking there is no permission.
func TestAppFlags(t *testing.T) {
	for device, want := range map[string]string{
		`"adTrackingEnabled":true`: "1", `"adTrackingEnabled":false`: "0", `"adTrackingEnabled":"no"`: "0", `"id":"x"`: "0",
		`"trackingStatus":"authorized"`: "1", `"trackingStatus":"denied"`: "0", `"attTrackingStatus":3`: "1", `"attTrackingStatus":2`: "0",
		`"attTrackingStatus":3,"adTrackingEnabled":false`: "0",
	} {
		var out mapping.Output
		item := `{"type":"screen","context":{"device":{"type":"ios",` + device + `},"os":{"version":18}}}`
		if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Time: mappingtest.Received, Item: []byte(item)}}, &out); err != nil {
			t.Error(err)
		}
		a := &out.Event.App
		if string(a.AdvertiserTracking) != want || string(a.ApplicationTracking) != "1" || string(a.ExtInfo[0]) != "i2" || string(a.ExtInfo[4]) != "18" {
			t.Errorf("%s: %s %s %q", device, a.AdvertiserTracking, a.ApplicationTracking, a.ExtInfo)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"type":"track","event":"Product Added","userId":"u","timestamp":"2026-11-23T09:30:00.000Z","sentAt":"2026-11-23T09:20:00.000Z","context":{"ip":"203.0.113.24","page":{"url":"https://x/"},"traits":{"email":"j@example.com","name":"J D","address":{"zip":1}},"device":{"type":"ios","id":"x"},"consent":{"categoryPreferences":{"Ads":false}}},"properties":{"products":[{"id":1,"quantity":"2"},7],"price":"1.50","quantity":3,"currency":"USD"}}`,
		`{"type":"screen","properties":{"category":7,"data_processing_options":[]}}`, `{"type":"identify"}`, `{"properties":7,"context":[]}`, `7`,
	} {
		f.Add([]byte(`{"type":"track","context":{"traits":{"email":"b@example.com"}},"integrations":{"All":true}}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}
