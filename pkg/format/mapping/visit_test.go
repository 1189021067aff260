package mapping

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

func TestMadeAt(t *testing.T) {
	for word, want := range map[string]string{
		"": "", "web": "", "checkout": "", "store-api": "", "buy_button": "", "positive": "", "administrator": "",
		"google_pay": "", "amazon_payments_advanced": "", "square_digital_wallet": "", "facebook-pay": "", "amazon-express": "",
		"subscription_payment": "system_generated", "pos_payment": "physical_store", "square": "physical_store", "google": "system_generated",
		"admin": "system_generated", "shopify_draft_order": "system_generated", "rest-api": "system_generated", "subscription": "system_generated",
		"subscription_contract_checkout_one": "system_generated", "2329312": "system_generated", " 7 ": "system_generated",
		"amazon-us": "system_generated", "TikTok Shop": "system_generated", "instagram": "system_generated",
		"pos": "physical_store", "POS": "physical_store", "pos-rest-api": "physical_store", "woocommerce-pos": "physical_store", "import_pos": "physical_store",
	} {
		if got := string(MadeAt([]byte(word))); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

// TestNoVisit: page, address, agent and cookies go, whoever the person is stays.
func TestNoVisit(t *testing.T) {
	o := new(Output)
	for _, k := range []identity.Key{identity.Em, identity.ClientIPAddress, identity.ClientUserAgent, identity.Fbp, identity.Fbc, identity.ExternalID} {
		o.AddUserValue(k, []byte(`"x"`))
	}
	o.Event.SourceURL, o.Event.ReferrerURL, o.Event.ActionSource = []byte("https://a/"), []byte("https://b/"), SourceWebsite
	o.Browser.IP, o.People.GAClient, o.People.User = []byte("203.0.113.9"), []byte("1.2"), []byte("u")
	o.NoVisit(SourceStore)
	e := &o.Event
	if string(e.ActionSource) != "physical_store" || e.SourceURL != nil || e.ReferrerURL != nil || o.Browser.IP != nil || o.People.GAClient != nil || o.People.User == nil {
		t.Errorf("%+v %+v", e, o.Browser)
	}
	if v := e.User.Values; len(v) != 2 || v[0].Key != identity.Em || v[1].Key != identity.ExternalID {
		t.Errorf("%v", v)
	}
}

// TestTrial: a subscription that begins and costs nothing is StartTrial where it would be a sale; it stays what the source
// calls it otherwise, and the next event is none.
func TestTrial(t *testing.T) {
	names := &Names{Table: map[string]string{"sold": "Purchase", "subscribed": "Subscribe", "seen": "ViewContent"}}
	in := &Input{Events: map[string][]byte{"own": []byte("FreeStart"), "dropped": nil}}
	for _, c := range []struct{ name, value, want string }{
		{"sold", "0.00", "StartTrial"},
		{"sold", "0", "StartTrial"},
		{"subscribed", "0", "StartTrial"},
		{"seen", "0", "ViewContent"},
		{"own", "0", "FreeStart"},
		{"sold", "0.01", "Purchase"},
		{"sold", "", "Purchase"},
		{"dropped", "0", "dropped"},
	} {
		o := new(Output)
		o.Event.Name, o.Event.Custom.Value = []byte(c.name), []byte(c.value)
		o.BeginsSubscription()
		if drop := in.Rename(names, o); string(o.Event.Name) != c.want || drop != (c.want == "dropped") {
			t.Errorf("%s of %s: %s, want %s", c.name, c.value, o.Event.Name, c.want)
		}
		o.Reset()
		o.Event.Name = []byte("sold")
		if in.Rename(names, o); string(o.Event.Name) != "Purchase" {
			t.Errorf("the next event is %s", o.Event.Name)
		}
	}
}
