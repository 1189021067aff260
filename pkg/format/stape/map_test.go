package stape

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// TestStapeVisitor: a page's request speaks for the visitor, not its body; a server's body does.
func TestStapeVisitor(t *testing.T) {
	const item = `{"event_name":"a","ip_override":"198.51.100.7","user_agent":"own","x-fb-ud-client_ip_address":"198.51.100.8","x-fb-ck-fbp":"fb.1.1.1","common_cookie":{"_fbc":"fb.1.1.c","_ga":"GA1.1.5.6"}}`
	for context, want := range map[string][]string{
		``:                  {"203.0.113.24", "fb.1.1.1", "fb.1.1.c", "5.6"},
		`{"server":"true"}`: {"203.0.113.24", "fb.1.1.1", "fb.1.1.c", "5.6"},
		`{"server":true}`:   {"", "fb.1.1.1", "fb.1.1.c", "5.6", "198.51.100.7", "own", "198.51.100.8"},
	} {
		out, err := mappingtest.MapOne(Mapper{}, item, context)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{string(out.Browser.IP), string(out.Browser.Fbp), string(out.Browser.Fbc), string(out.People.GAClient)}
		for _, v := range out.Event.User.Values {
			if v.Key == identity.ClientIPAddress || v.Key == identity.ClientUserAgent {
				got = append(got, string(v.Text))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", context, diff)
		}
	}
}

// TestStapeNames: the names that the Data Client takes for Google's, and what goes before what.
func TestStapeNames(t *testing.T) {
	for item, want := range map[string][3]string{
		`{"event":"a","eventName":"b","url":"https://u/","page_location":"https://p/"}`:            {"b", "https://p/", ""},
		`{"page_location":"https://p/","href":"https://h/","referrer":"https://r/","event":"a"}`:   {"a", "https://p/", "https://r/"},
		`{"event_name":"c","pageReferrer":"https://r/","page_referrer":"https://p/","url":"x://"}`: {"c", "x://", "https://p/"},
		`{}`: {"q", "", ""},
	} {
		out, err := mappingtest.MapOne(Mapper{}, item, `{"event_name":"q"}`)
		if item != `{}` {
			out, err = mappingtest.MapOne(Mapper{}, item, "")
		}
		got := [3]string{string(out.Event.Name), string(out.Event.SourceURL), string(out.Event.ReferrerURL)}
		if err != nil || got != want {
			t.Errorf("%s: %q %v", item, got, err)
		}
	}
	if _, err := mappingtest.MapOne(Mapper{}, `{"event_id":"1"}`, ""); err == nil {
		t.Error("an event without a name is one")
	}
}

// TestStapeSaysItOnce: the data layer's ecommerce repeats what stands beside it, and the query what the body says.
func TestStapeSaysItOnce(t *testing.T) {
	const items = `"items":[{"item_id":"a","price":7,"quantity":2}]`
	for item, context := range map[string]string{
		`{"event_name":"purchase","currency":"EUR","transaction_id":"T1","search_term":"mug",` + items + `,"ecommerce":{"transaction_id":"T1","items":[]}}`: "",
		`{"event_name":"purchase","ecommerce":{"currency":"EUR","transaction_id":"T1","search_term":"mug",` + items + `},` + items + `}`:                    "",
		`{"currency":"EUR","transaction_id":"T1","search_term":"mug",` + items + `}`:                                                                        `{"event_name":"purchase","transaction_id":"T0","search_term":"cup","items":"[{\"item_id\":\"z\"}]"}`,
	} {
		out, err := mappingtest.MapOne(Mapper{}, item, context)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{
			"order_id": `"T1"`, "search_string": `"mug"`, "content_type": `"product"`, "content_ids": `["a"]`, "num_items": "2",
		}
		if diff := cmp.Diff(want, mappingtest.Members(out)); diff != "" {
			t.Errorf("%s: %s", item, diff)
		}
		if c := out.Event.Custom; len(c.Contents) != 1 || string(c.Value) != "14" || len(c.Members) != len(want) {
			t.Errorf("%s: %d products for %s, members %s", item, len(c.Contents), c.Value, c.Members)
		}
	}
}

// TestStapeConsent: Google's consent mode, as tags and Data Clients say it.
func TestStapeConsent(t *testing.T) {
	for fields, want := range map[string]string{
		`"consent_state":{"ad_user_data":"denied","ad_storage":true}`: "denied", `"consent_state":{"ad_storage":false}`: "denied",
		`"consent_state":{}`: "nothing", `"x-ga-gcs":"G100"`: "denied", `"x-ga-gcd":"13t3t3t3t5","x-ga-gcs":"G100"`: "granted", `"consent":"granted","x-ga-gcs":"G100"`: "granted",
	} {
		out, err := mappingtest.MapOne(Mapper{}, `{"event_name":"a",`+fields+`}`, "")
		if err != nil || out.Consent.String() != want {
			t.Errorf("%s: %s %v, want %s", fields, out.Consent, err, want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"event_name":"purchase","items":"[{\"item_id\":1}]","ecommerce":{"items":[{"item_id":"a","price":1}],"currency":"EUR"},"user_data":{"address":{}},"common_cookie":{"_ga":"GA1.1.2.3"},"email":["x"]}`, `{"server":true,"v":"2"}`},
		{`{"event":{"event":{"event":"gtm4wp.orderCompletedEEC"}},"ecommerce":"{\"purchase\":{\"actionField\":{\"id\":1},\"products\":{\"id\":1}},\"ecommerce\":{}}","data_tag_custom_data":[{"name":"email","value":"x"}],"user_data.em":"y"}`, `{}`},
		{`{"event":7,"consent_state":[],"x-fb-cd-contents":"[","event_time":1}`, `{"event_time":"x"}`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, item, context []byte) { mappingtest.MapsAnything(t, Mapper{}, item, context) })
}
