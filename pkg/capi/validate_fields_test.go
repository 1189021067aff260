package capi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// validated is an event's end ("" if it has none) and what was dropped.
func validated(e *Event, h *Hashed) (end, dropped string) {
	h.Fill(&e.User, nil, nil)
	var list []string
	err := Validate(e, h, testNow, func(field string, reason Drop) { list = append(list, field+" "+string(reason)) })
	if err != nil {
		end = err.Error()
	}
	return end, strings.Join(list, ",")
}

func TestValidateURLs(t *testing.T) {
	for text, want := range map[string]string{ // "": dropped
		"https://shop.example.com/": "https://shop.example.com/", "http://a": "http://a", "HTTPS://A/": "HTTPS://A/",
		" https://a/\r\n": "https://a/", "https://a/ü?q=%20#x": "https://a/ü?q=%20#x", "https://": "", "http:/a": "", "//a": "",
		"shop.example.com": "", "ftp://a": "", "javascript:alert(1)": "", "android-app://com.example": "", "https://a/\x00": "",
		"https://a/\nb": "", "https://a/\x7f": "", " ": "",
	} {
		for field, url := range map[string]func(*Event) *[]byte{
			"event_source_url": func(e *Event) *[]byte { return &e.SourceURL },
			"referrer_url":     func(e *Event) *[]byte { return &e.ReferrerURL },
		} {
			var e Event
			purchase(&e)
			*url(&e) = []byte(text)
			end, dropped := validated(&e, &Hashed{})
			wantDropped := ""
			if want == "" {
				wantDropped = field + " malformed"
			}
			if got := string(*url(&e)); end != "" || got != want || dropped != wantDropped {
				t.Errorf("%s %q: %q, dropped %q, end %q", field, text, got, dropped, end)
			}
		}
	}
}

// TestValidateActionSources: every value of the enumeration in any case, and nothing else.
func TestValidateActionSources(t *testing.T) {
	for text, want := range map[string]string{
		"website": "website", "app": "app", "physical_store": "physical_store", "system_generated": "system_generated",
		"business_messaging": "business_messaging", "email": "email", "phone_call": "phone_call", "chat": "chat", "other": "other",
		" Phone_Call\n": "phone_call", "EMAIL": "email", "web": "", "website ": "website", "sms": "", "in_store": "", "chat\x00": "", "phone call": "",
	} {
		var e Event
		purchase(&e)
		e.ActionSource, e.SourceURL, e.Messaging = []byte(text), nil, nil
		switch want {
		case "app":
			e.App.AdvertiserTracking, e.App.ExtInfo = []byte("1"), texts("i2||||17|||||||||||")
		case "business_messaging":
			e.Messaging = whatsapp
			e.User.Add(identity.CtwaClid, identity.Auto, []byte("ARAk"))
			e.User.Add(identity.PageID, identity.Auto, []byte("1"))
		}
		end, _ := validated(&e, &Hashed{})
		switch {
		case want == "" && end != "invalid_field: action_source":
			t.Errorf("%q: end %q", text, end)
		case want != "" && (end != "" || string(e.ActionSource) != want):
			t.Errorf("%q: %s, end %q", text, e.ActionSource, end)
		}
	}
}

func TestValidateMessagingIDs(t *testing.T) {
	tests := []struct{ channel, keys, end string }{
		{"whatsapp", "ctwa_clid whatsapp_business_account_id", ""},
		{"whatsapp", "ctwa_clid page_id", ""},
		{"whatsapp", "ctwa_clid", "missing_field: user_data.whatsapp_business_account_id"},
		{"whatsapp", "whatsapp_business_account_id", "missing_field: user_data.ctwa_clid"},
		{"whatsapp", "ctwa_clid ig_account_id", "missing_field: user_data.whatsapp_business_account_id"},
		{" MESSENGER ", "page_scoped_user_id page_id", ""},
		{"messenger", "page_scoped_user_id", "missing_field: user_data.page_id"},
		{"messenger", "page_id", "missing_field: user_data.page_scoped_user_id"},
		{"messenger", "ctwa_clid page_id", "missing_field: user_data.page_scoped_user_id"},
		{"Instagram", "ig_sid instagram_business_account_id", ""},
		{"instagram", "ig_sid ig_account_id", ""},
		{"instagram", "ig_sid", "missing_field: user_data.instagram_business_account_id"},
		{"instagram", "ig_account_id", "missing_field: user_data.ig_sid"},
		{"instagram", "ig_sid page_id", "missing_field: user_data.instagram_business_account_id"},
		{"sms", "ctwa_clid page_id", "invalid_field: messaging_channel"},
		{" ", "ctwa_clid page_id", "missing_field: messaging_channel"},
	}
	for _, tt := range tests {
		var e Event
		event(&e, "business_messaging", "Purchase").Add(identity.Em, identity.Auto, []byte("jane@example.com"))
		e.Messaging = []byte(tt.channel)
		for name := range strings.FieldsSeq(tt.keys) {
			key, ok := identity.KeyOf([]byte(name))
			if !ok {
				t.Fatal(name)
			}
			e.User.Add(key, identity.Auto, []byte("17841400000000000"))
		}
		end, dropped := validated(&e, &Hashed{})
		if end != tt.end || dropped != "" {
			t.Errorf("%s with %s: end %q, want %q; dropped %q", tt.channel, tt.keys, end, tt.end, dropped)
		}
		if want := strings.ToLower(strings.TrimSpace(tt.channel)); end == "" && string(e.Messaging) != want {
			t.Errorf("%s is sent as %s", tt.channel, e.Messaging)
		}
	}
}

// TestValidateMessagingNames: custom names and the website's others are refused, whatever their case.
func TestValidateMessagingNames(t *testing.T) {
	taken := strings.Fields("Purchase LeadSubmitted AddToCart InitiateCheckout ViewContent")
	refused := strings.Fields("Lead CompleteRegistration Subscribe Schedule Contact StartTrial AddPaymentInfo Search SubmitApplication purchase MyOwn")
	for _, name := range append(taken, refused...) {
		var e Event
		u := event(&e, "business_messaging", name)
		e.Messaging = whatsapp
		u.Add(identity.CtwaClid, identity.Auto, []byte("ARAk"))
		u.Add(identity.PageID, identity.Auto, []byte("1"))
		want := ""
		if !strings.Contains(strings.Join(taken, " "), name) || name == "Lead" {
			want = "invalid_field: event_name"
		}
		if end, _ := validated(&e, &Hashed{}); end != want {
			t.Errorf("%s: end %q, want %q", name, end, want)
		}
	}
}

// TestValidateMessagingLeavesTheWebOut: the website's facts are no facts of a conversation, and name nobody in it.
func TestValidateMessagingLeavesTheWebOut(t *testing.T) {
	var e Event
	var h Hashed
	u := event(&e, "business_messaging", "Purchase")
	e.Messaging, e.SourceURL = whatsapp, []byte("https://a/")
	u.Add(identity.ClientIPAddress, identity.Auto, []byte("8.8.8.8"))
	u.Add(identity.CtwaClid, identity.Auto, []byte("ARAk"))
	u.Add(identity.Fbc, identity.Auto, []byte("fb.1.1795426200000.AbC"))
	u.Add(identity.Fbp, identity.Auto, []byte("fb.1.1795426200000.1"))
	u.Add(identity.ClientUserAgent, identity.Auto, []byte("WhatsApp/2"))
	u.Add(identity.PageID, identity.Auto, []byte("1"))
	end, dropped := validated(&e, &h)
	want := "event_source_url not_allowed,client_ip_address not_allowed,client_user_agent not_allowed,fbc not_allowed,fbp not_allowed"
	if end != "" || dropped != want || filled(&h) != `{"ctwa_clid":"ARAk","page_id":"1"}` || e.SourceURL != nil {
		t.Errorf("end %q, dropped %q, left %s", end, dropped, filled(&h))
	}
}

// TestValidateThinIdentities: subsets of Meta's four sets are nobody; any other key rescues them.
func TestValidateThinIdentities(t *testing.T) {
	good := map[identity.Key]string{
		identity.Ct: "Berlin", identity.Country: "de", identity.St: "Bayern", identity.Zp: "10115", identity.Ge: "f", identity.Db: "1990-02-01",
		identity.Fn: "Jane", identity.Ln: "Doe", identity.ClientUserAgent: "Mozilla/5.0", identity.Em: "jane@example.com", identity.Ph: "+4930123456",
		identity.ExternalID: "7", identity.ClientIPAddress: "8.8.8.8", identity.Fbp: "fb.1.1795426200000.1", identity.Fbc: "fb.1.1795426200000.AbC",
		identity.LeadID: "123456789012345", identity.Madid: "EA7583CD-A667-48BC-B806-42ECB2B48606", identity.CtwaClid: "ARAk",
	}
	for keys, few := range map[string]bool{
		"": true, "ct": true, "ct country st zp ge client_user_agent": true, "country zp": true, "client_user_agent": true, "db": true,
		"db client_user_agent": true, "fn": true, "fn ge": true, "ln ge": true, "ln": true,
		"fn ln": false, "db ge": false, "fn client_user_agent": false, "ct db": false, "fn zp": false, "ln ct": false, "em": false, "ph": false, "external_id": false,
		"client_ip_address": false, "client_ip_address client_user_agent": false, "fbp": false, "fbc": false, "lead_id": false, "madid": false, "ctwa_clid": false,
	} {
		var e Event
		u := event(&e, "website", "Lead")
		for name := range strings.FieldsSeq(keys) {
			key, _ := identity.KeyOf([]byte(name))
			u.Add(key, identity.Auto, []byte(good[key]))
		}
		u.Add(identity.Em, identity.Auto, []byte("no address")) // a bad value is no identity
		end, _ := validated(&e, &Hashed{})
		if (end == string(fault.NoIdentity)) != few || !few && end != "" {
			t.Errorf("%q: end %q, want few %t", keys, end, few)
		}
	}
}

// TestValidateDropsAmountsAlone: a content keeps what is good of it.
func TestValidateDropsAmountsAlone(t *testing.T) {
	var e Event
	purchase(&e)
	e.Custom.Contents = []Content{
		{ID: []byte("a"), Quantity: []byte("many"), ItemPrice: []byte("+1.50")},
		{Quantity: []byte("1")},
		{ID: []byte("b"), Quantity: []byte("0"), ItemPrice: []byte("-1"), Members: []Member{member("title", `""`), member("id", `"c"`), member("brand", `"B"`)}},
	}
	end, dropped := validated(&e, &Hashed{})
	want := "custom_data.contents malformed,custom_data.contents incomplete,custom_data.contents malformed,custom_data.contents empty,custom_data.contents duplicate"
	if end != "" || dropped != want {
		t.Errorf("end %q, dropped %q", end, dropped)
	}
	got := string(appendCustom(nil, &e.Custom))
	wantJSON := `,"custom_data":{"value":59.90,"currency":"USD","contents":[{"id":"a","item_price":1.50},{"id":"b","quantity":0,"brand":"B"}]}`
	if diff := cmp.Diff(wantJSON, got); diff != "" {
		t.Error(diff)
	}
}

// TestValidateLimits: the last that is taken, and the first that is not.
func TestValidateLimits(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Event)
		end    string
	}{
		"50 characters":    {func(e *Event) { e.Name = []byte(strings.Repeat("é", MaxEventName)) }, ""},
		"control":          {func(e *Event) { e.Name = []byte("a\x1fb") }, "invalid_field: event_name"},
		"an id of 256":     {func(e *Event) { e.ID = []byte(strings.Repeat("a", MaxEventID)) }, ""},
		"no id":            {func(e *Event) { e.ID = nil }, ""},
		"the first second": {func(e *Event) { e.Time = oldest }, ""},
		"one before it":    {func(e *Event) { e.Time = oldest - 1 }, "invalid_field: event_time"},
		"of any age":       {func(e *Event) { e.Time -= 70 * 86400 }, ""}, // the forwarder's
		"value 0":          {func(e *Event) { e.Custom.Value = []byte("0") }, ""},
		"value below 0":    {func(e *Event) { e.Custom.Value = []byte("-0.01") }, "invalid_field: custom_data.value"},
		"15 of extinfo": {func(e *Event) {
			e.ActionSource, e.App.AdvertiserTracking, e.App.ExtInfo = []byte("app"), []byte("1"), texts("a2||||16||||||||||")
		}, "invalid_field: app_data.extinfo"},
		"extinfo of another system": {func(e *Event) {
			e.ActionSource, e.App.AdvertiserTracking, e.App.ExtInfo = []byte("app"), []byte("1"), texts("w1||||16|||||||||||")
		}, "invalid_field: app_data.extinfo"},
		"no OS version": {func(e *Event) {
			e.ActionSource, e.App.AdvertiserTracking, e.App.ExtInfo = []byte("app"), []byte("1"), texts("a2|p|1|1||||||||||||")
		}, "invalid_field: app_data.extinfo"},
		"tracking yes": {func(e *Event) {
			e.ActionSource, e.App.AdvertiserTracking, e.App.ExtInfo = []byte("app"), []byte("yes"), texts("a2||||16|||||||||||")
		}, "invalid_field: app_data.advertiser_tracking_enabled"},
		"no extinfo": {func(e *Event) { e.ActionSource, e.App.AdvertiserTracking = []byte("app"), []byte("1") }, "missing_field: app_data.extinfo"},
	} {
		var e Event
		purchase(&e)
		tt.change(&e)
		if end, _ := validated(&e, &Hashed{}); end != tt.end {
			t.Errorf("%s: end %q, want %q", name, end, tt.end)
		}
	}
}
