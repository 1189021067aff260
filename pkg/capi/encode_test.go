package capi

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

var update = flag.Bool("update", false, "write golden files")

// texts splits at bars.
func texts(list string) [][]byte {
	var all [][]byte
	for text := range strings.SplitSeq(list, "|") {
		all = append(all, []byte(text))
	}
	return all
}

// member is a member of raw JSON.
func member(key, value string) Member { return Member{Key: []byte(key), Value: []byte(value)} }

// event is a complete event of an action source without anybody in it.
func event(e *Event, source, name string) *User {
	purchase(e)
	e.Name, e.ActionSource, e.SourceURL = []byte(name), []byte(source), nil
	e.User.Values = e.User.Values[:0]
	return &e.User
}

// encoded are the events of the golden files.
var encoded = []struct {
	name string
	fill func(*Event)
}{
	{"website", func(e *Event) {
		u := event(e, "website", "Purchase")
		e.SourceURL, e.ReferrerURL = []byte("https://shop.example.com/done?a=1&b=<2>"), []byte("https://www.example.org/")
		e.OptOut, e.Options = []byte("false"), []byte(" [ ] ")
		e.Custom.Value, e.Custom.Currency = []byte("059.90"), []byte("eur")
		e.Custom.Members = []Member{
			member("order_id", `"A-1"`), member("content_ids", `[ "1", "2" ]`), member("free", `false`), member("none", `null`),
			member("predicted_ltv", `0`), member("a\"b", `{ "deep": [1.50, 1E2] }`),
		}
		e.Custom.Contents = []Content{
			{ID: []byte("SKU-1"), Quantity: []byte("0"), ItemPrice: []byte("0.00")},
			{ID: []byte("SKU \"2\""), Members: []Member{member("title", `"Tee\u0020shirt"`)}},
		}
		e.Extra = []Member{member("customer_segmentation", `"new_customer_to_business"`)}
		u.Add(identity.Em, identity.Auto, []byte(" Jane.Doe@Example.com"))
		u.Add(identity.ClientUserAgent, identity.Auto, []byte(`Mozilla/5.0 (X11; "Linux")`))
		u.Add(identity.Em, identity.Auto, []byte("second@example.com"))
		u.Add(identity.Em, identity.Auto, []byte("jane.doe@example.com"))
		u.Add(identity.ExternalID, identity.Auto, []byte("007"))
		u.Add(identity.ClientIPAddress, identity.Auto, []byte("2001:4860:4860::8888"))
		u.Add(identity.Fbp, identity.Auto, []byte("fb.1.1795426200000.1234567890"))
	}},
	{"website-hashed", func(e *Event) {
		u := event(e, "website", "Lead")
		e.Custom = Custom{}
		digest := strings.Repeat("AB", 32)
		u.Add(identity.Em, identity.Auto, []byte(digest+".AQQCAQMC"))
		u.Add(identity.Ph, identity.DeclaredHashed, []byte(digest[:32]))
		u.Add(identity.Country, identity.Auto, []byte("Germany"))
	}},
	{"app", func(e *Event) {
		u := event(e, "app", "Purchase")
		e.App.AdvertiserTracking, e.App.ApplicationTracking = []byte("0"), []byte("1")
		e.App.ExtInfo = texts("i2|com.example.shop|1.0|1.0.3|17.5|iPhone15,2|en_US|PDT||390|844|3|6|128|64|USA/New York")
		e.App.Members = []Member{member("campaign_ids", `"x"`), member("consider_views", `true`)}
		u.Add(identity.Madid, identity.Auto, []byte("EA7583CD-A667-48BC-B806-42ECB2B48606"))
		u.Add(identity.AnonID, identity.Auto, []byte("anon-1"))
	}},
	{"whatsapp", func(e *Event) {
		u := event(e, "business_messaging", "Purchase")
		e.Messaging = []byte("WhatsApp")
		u.Add(identity.CtwaClid, identity.Auto, []byte("ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwFF4XvnO2E4Nx0-eM-GABDLOPaOdRMv-_zfUQ2a"))
		u.Add(identity.WhatsAppBusinessAccountID, identity.Auto, []byte("102290129340398"))
	}},
	{"store-limited", func(e *Event) {
		u := event(e, "physical_store", "Purchase")
		e.ID, e.Options, e.OptCountry, e.OptState = nil, []byte(`["LDU"]`), []byte("0"), []byte("0")
		e.Custom.Value = []byte("0")
		u.Add(identity.Fn, identity.Auto, []byte("Zoë"))
		u.Add(identity.Ln, identity.Auto, []byte("O'Connor"))
	}},
	{"crm", func(e *Event) {
		u := event(e, "system_generated", "Qualified – \"hot\" \u2028 <lead>")
		e.Custom = Custom{Members: []Member{member("event_source", `"crm"`), member("lead_event_source", `"Über CRM"`)}}
		u.Add(identity.LeadID, identity.Auto, []byte("99007199254740993"))
	}},
	{"crm-leading-zero", func(e *Event) { // JSON has no such number, and without its zero it is another lead
		u := event(e, "system_generated", "Won")
		e.Custom = Custom{}
		u.Add(identity.LeadID, identity.Auto, []byte("0123456789012345"))
		u.Add(identity.FbLoginID, identity.Auto, []byte("10222333444555666"))
	}},
}

// TestAppendEvent: the bytes of an event are fixed to the last one, for batches are spliced from them.
func TestAppendEvent(t *testing.T) {
	var e Event
	var h Hashed
	var dst []byte
	for _, c := range encoded {
		t.Run(c.name, func(t *testing.T) {
			c.fill(&e)
			h.Fill(&e.User, nil, nil)
			if end := Validate(&e, &h, testNow, nil); end != nil {
				t.Fatal(end)
			}
			dst = AppendEvent(append(dst[:0], "before"...), &e, &h)
			got := strings.TrimPrefix(string(dst), "before")
			if !json.Valid([]byte(got)) {
				t.Fatalf("no JSON: %s", got)
			}
			if refused := CheckWire([]byte(got), testNow); refused != nil {
				t.Errorf("Meta refuses it: %v at %s", refused, refused.Path)
			}
			file := filepath.Join("testdata", "golden", c.name+".json")
			if *update {
				if err := os.WriteFile(file, []byte(got+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.ReplaceAll(string(want), ",", ",\n"), strings.ReplaceAll(got+"\n", ",", ",\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAppendEventOfNobody is an object still: user_data is required.
func TestAppendEventOfNobody(t *testing.T) {
	got := string(AppendEvent(nil, &Event{Name: []byte("Lead"), Time: -1}, &Hashed{}))
	if want := `{"event_name":"Lead","event_time":-1,"user_data":{}}`; got != want {
		t.Errorf("got %s", got)
	}
}
