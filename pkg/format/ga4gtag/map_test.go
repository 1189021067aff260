package ga4gtag

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestGtagConsent: what Google's consent mode says in a hit.
func TestGtagConsent(t *testing.T) {
	for fields, want := range map[string]string{
		``:                                    "nothing",
		`"gcs":"G111"`:                        "granted",
		`"gcs":"G110"`:                        "granted",
		`"gcs":"G101"`:                        "denied",
		`"gcs":"G1--"`:                        "nothing",
		`"gcs":"G1"`:                          "unreadable",
		`"gcd":"13t3t3t3t5","gcs":"G100"`:     "granted",
		`"gcd":"13t3t3q3t5","gcs":"G111"`:     "denied",
		`"gcd":"11p1p1p1p5"`:                  "denied",
		`"gcd":"13r3r3r3r5"`:                  "granted",
		`"gcd":"13l3l3l3l1","gcs":"G100"`:     "denied",
		`"gcd":"13l3l3l3l1"`:                  "nothing",
		`"gcd":"13","gcs":"G111"`:             "granted",
		`"gcd":["13t3t3u3t5","13t3t3t3t5"]`:   "denied",
		`"gcd":"13t3t3v3t5","ep.consent":"x"`: "granted",
	} {
		item := `{"en":"a"}`
		if fields != "" {
			item = `{"en":"a",` + fields + `}`
		}
		out, err := mappingtest.MapOne(Mapper{}, item, "")
		if err != nil || out.Consent.String() != want {
			t.Errorf("%s: %s %v, want %s", fields, out.Consent, err, want)
		}
	}
}

// TestGtagProducts: products in their own encoding, and what is none.
func TestGtagProducts(t *testing.T) {
	out, err := mappingtest.MapOne(Mapper{}, `{"en":"add_to_cart","pr1":"idA~nmMug~pr39.9~qt2~brAcme~caKitchen~k0color~v0red","pr2":"nmSpoon~prx","pr3":"pr5","pr5":"nmFork~~Knife~~~qt3~id~~~~","pr":"idB","prx":"idC","pr4":["idD","idE"]}`, `{"cu":"EUR","pr9":"idF"}`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range out.Event.Custom.Contents {
		c := &out.Event.Custom.Contents[i]
		got = append(got, string(c.ID)+" "+string(c.Quantity)+" "+string(c.ItemPrice))
	}
	if diff := cmp.Diff([]string{"A 2 39.9", "Spoon 1 ", "~~ 3 ", "D 1 "}, got); diff != "" {
		t.Error(diff)
	}
	want := []mapping.Dropped{{Field: mapping.FieldContents, Reason: mapping.Malformed}, {Field: mapping.FieldContents, Reason: mapping.Malformed}}
	if diff := cmp.Diff(want, out.Dropped); diff != "" {
		t.Error(diff)
	}
	if out.Event.Custom.Value != nil {
		t.Errorf("value %s of products without a price", out.Event.Custom.Value)
	}
}

// TestGtagMerge: a line goes before the query; a page does not say who it is.
func TestGtagMerge(t *testing.T) {
	out, err := mappingtest.MapOne(Mapper{}, `{"en":"a","dl":"https://a/2","uid":"u2","ep.x-fb-ud-client_ip_address":"198.51.100.7","epn.value":"5"}`, `{"en":"b","dl":"https://a/1","dr":"https://r/","cid":"1.2","uid":"u1"}`)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{string(out.Event.Name), string(out.Event.SourceURL), string(out.Event.ReferrerURL), string(out.People.GAClient), string(out.People.User), string(out.Event.Custom.Value)}
	if diff := cmp.Diff([]string{"a", "https://a/2", "https://r/", "1.2", "u2", "5"}, got); diff != "" {
		t.Error(diff)
	}
	if len(out.Event.User.Values) != 0 || string(out.Browser.IP) != "203.0.113.24" {
		t.Errorf("the page spoke of %d values", len(out.Event.User.Values))
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"en":"purchase","cu":"EUR","ep.transaction_id":"1","epn.value":"5","pr1":"ida~nmb~pr1~qt2~~","gcd":"13t3t3t3t5","ep.x-fb-cd-content_ids":"[1]"}`, `{"cid":"1.2","dl":"https://a/"}`},
		{`{"en":"purchase","em":"tv.1~em.a~fn0.e1~co0.NO","ep.user_data.address.0.city":"c","ep.ecommerce":"{\"add\":{}}","pr1":"ida~k0currency~v0EUR~k1~v"}`, `{}`},
		{`{"en":["a"],"pr1":["",""]}`, `[]`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, item, context []byte) { mappingtest.MapsAnything(t, Mapper{}, item, context) })
}
