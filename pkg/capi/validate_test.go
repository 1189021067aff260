package capi

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

var testNow = time.Unix(1_795_426_200, 0)

// purchase fills a complete Purchase of the website.
func purchase(e *Event) {
	e.Reset()
	e.Name, e.ID, e.ActionSource = []byte("Purchase"), []byte("e-1"), []byte("website")
	e.Time, e.TimeSet = testNow.Unix(), true
	e.SourceURL = []byte("https://shop.example.com/done")
	e.Custom.Value, e.Custom.Currency = []byte("59.90"), []byte("usd")
	e.User.Add(identity.Em, identity.Auto, []byte("jane@example.com"))
	e.User.Add(identity.ClientUserAgent, identity.Auto, []byte("Mozilla/5.0"))
}

func TestValidate(t *testing.T) {
	raw := func(s string) []byte { return []byte(s) }
	user := func(k identity.Key, v string) func(*Event) {
		return func(e *Event) { e.User.Values = e.User.Values[:0]; e.User.Add(k, identity.Auto, raw(v)) }
	}
	messaging := func(e *Event) {
		e.ActionSource, e.Messaging = raw("business_messaging"), raw("WhatsApp")
		e.User.Add(identity.CtwaClid, identity.Auto, raw("ARAk"))
		e.User.Add(identity.WhatsAppBusinessAccountID, identity.Auto, raw("102290129340398"))
	}
	app := func(e *Event) {
		e.ActionSource, e.App.AdvertiserTracking = raw("app"), raw("0")
		for _, s := range strings.Split("a2|||1|16|||||||||||", "|")[:extInfoLen] {
			e.App.ExtInfo = append(e.App.ExtInfo, raw(s))
		}
	}
	tests := []struct {
		name    string
		change  func(*Event)
		end     string // of the event
		dropped string
	}{
		{"complete", func(*Event) {}, "", ""},
		{"no name", func(e *Event) { e.Name = raw(" ") }, "missing_field: event_name", ""},
		{"long name", func(e *Event) { e.Name = raw(strings.Repeat("é", 51)) }, "invalid_field: event_name", ""},
		{"long id", func(e *Event) { e.ID = raw(strings.Repeat("a", 257)) }, "invalid_field: event_id", ""},
		{"no time", func(e *Event) { e.TimeSet = false }, "missing_field: event_time", ""},
		{"60 s ahead", func(e *Event) { e.Time += 60 }, "", ""},
		{"61 s ahead", func(e *Event) { e.Time += 61 }, "event_time_future: event_time", ""},
		{"milliseconds", func(e *Event) { e.Time *= 1000 }, "event_time_future: event_time", ""},
		{"before Meta", func(e *Event) { e.Time = 1 }, "invalid_field: event_time", ""},
		{"no source", func(e *Event) { e.ActionSource = nil }, "missing_field: action_source", ""},
		{"source in upper case", func(e *Event) { e.ActionSource = raw("WEBSITE") }, "", ""},
		{"unknown source", func(e *Event) { e.ActionSource = raw("web") }, "invalid_field: action_source", ""},
		{"bad URL", func(e *Event) { e.SourceURL = raw("javascript:x") }, "", "event_source_url malformed"},
		{"bad opt_out", func(e *Event) { e.OptOut = raw(`"yes"`) }, "", "opt_out malformed"},
		{"no value", func(e *Event) { e.Custom.Value = nil }, "missing_field: custom_data.value", ""},
		{"bad value", func(e *Event) { e.Custom.Value = raw("free") }, "invalid_field: custom_data.value", "custom_data.value malformed"},
		{"no currency", func(e *Event) { e.Custom.Currency = nil }, "missing_field: custom_data.currency", ""},
		{"bad currency", func(e *Event) { e.Custom.Currency = raw("QQQ") }, "invalid_field: custom_data.currency", "custom_data.currency malformed"},
		{"value without currency elsewhere", func(e *Event) { e.Name, e.Custom.Currency = raw("Lead"), nil }, "", "custom_data.value incomplete"},
		{"content without id", func(e *Event) { e.Custom.Contents = []Content{{Quantity: raw("1")}} }, "", "custom_data.contents incomplete"},
		{"empty member", func(e *Event) { e.Custom.Members = []Member{{raw("a"), raw(`""`)}} }, "", "custom_data empty"},
		{"repeated member", func(e *Event) { e.Custom.Members = []Member{{raw("a"), raw(`1`)}, {raw("a"), raw(`2`)}} }, "", "custom_data duplicate"},
		{"member of our own name", func(e *Event) { e.Custom.Members = []Member{{raw("value"), raw(`1`)}} }, "", "custom_data duplicate"},
		{"extra of our own name", func(e *Event) { e.Extra = []Member{{raw("user_data"), raw(`{"em":"x"}`)}} }, "", "extra duplicate"},
		{"app", app, "", ""},
		{"app without tracking", func(e *Event) { app(e); e.App.AdvertiserTracking = nil }, "missing_field: app_data.advertiser_tracking_enabled", ""},
		{"app with bad extinfo", func(e *Event) { app(e); e.App.ExtInfo = e.App.ExtInfo[:3] }, "invalid_field: app_data.extinfo", "app_data.extinfo malformed"},
		{"messaging", messaging, "", "event_source_url not_allowed,client_user_agent not_allowed"},
		{"messaging, other name", func(e *Event) { messaging(e); e.Name = raw("Lead") }, "invalid_field: event_name", ""},
		{"messaging, no channel", func(e *Event) { messaging(e); e.Messaging, e.SourceURL = nil, nil }, "missing_field: messaging_channel", "client_user_agent not_allowed"},
		{"messaging, no id", func(e *Event) {
			e.ActionSource, e.Messaging, e.SourceURL = raw("business_messaging"), raw("messenger"), nil
		}, "missing_field: user_data.page_scoped_user_id", "client_user_agent not_allowed"},
		{"channel elsewhere", func(e *Event) { e.Messaging = raw("whatsapp") }, "", "messaging_channel not_allowed"},
		{"only a user agent", user(identity.ClientUserAgent, "Mozilla/5.0"), "no_identity", ""},
		{"no identity", func(e *Event) { e.User.Values = nil }, "no_identity", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var e Event
			var h Hashed
			purchase(&e)
			tt.change(&e)
			h.Fill(&e.User, nil, nil)
			var dropped []string
			end := Validate(&e, &h, testNow, func(field string, reason Drop) {
				if _, isKey := identity.KeyOf([]byte(field)); !slices.Contains(Fields, field) && !isKey || !slices.Contains(Drops, reason) {
					t.Errorf("%s %s is on no closed list", field, reason)
				}
				dropped = append(dropped, field+" "+string(reason))
			})
			got := ""
			if end != nil {
				got = end.Error()
			}
			if list := strings.Join(dropped, ","); got != tt.end || list != tt.dropped {
				t.Errorf("end %q, dropped %q; want %q, %q", got, list, tt.end, tt.dropped)
			}
			if end == nil && (e.Time > testNow.Unix() || string(e.Custom.Currency) != "USD" && e.Custom.Currency != nil) {
				t.Errorf("time %d, currency %s", e.Time, e.Custom.Currency)
			}
		})
	}
}

// TestValidateLimitedDataUse is the table of Limited Data Use.
func TestValidateLimitedDataUse(t *testing.T) {
	tests := []struct{ options, country, state, want string }{
		{"", "", "", "//"},
		{"[]", "", "", "[]//"},
		{"[]", "1", "1000", "[]//"},
		{`["LDU"]`, "0", "0", `["LDU"]/0/0`},
		{`["LDU"]`, "1", "1000", `["LDU"]/1/1000`},
		{`["LDU"]`, "1", "1013", `["LDU"]/1/1013`},
		{`["LDU"]`, "1", "1014", `["LDU"]/0/0`},
		{`["LDU"]`, "", "", `["LDU"]/0/0`},
		{`["LDU"]`, "2", "1000", `["LDU"]/0/0`},
		{`["LDU","X"]`, "1", "1000", `["LDU"]/1/1000`},
		{`["X"]`, "1", "1000", `["LDU"]/1/1000`},
		{`["ldu"]`, "", "", `["LDU"]/0/0`},
		{`"LDU"`, "", "", `["LDU"]/0/0`},
		{`{}`, "0", "0", `["LDU"]/0/0`},
		{"", "1", "1000", "//"},
	}
	for _, tt := range tests {
		var e Event
		var h Hashed
		purchase(&e)
		h.Fill(&e.User, nil, nil)
		e.Options, e.OptCountry, e.OptState = []byte(tt.options), []byte(tt.country), []byte(tt.state)
		if end := Validate(&e, &h, testNow, nil); end != nil {
			t.Fatal(end)
		}
		if got := string(e.Options) + "/" + string(e.OptCountry) + "/" + string(e.OptState); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// TestValidateKeepsContentsApart: the memory of a dropped content's members is not shared with a kept one's.
func TestValidateKeepsContentsApart(t *testing.T) {
	var e Event
	var h Hashed
	purchase(&e)
	h.Fill(&e.User, nil, nil)
	e.Custom.Contents = []Content{{Members: make([]Member, 0, 1)}, {ID: []byte("b"), Members: make([]Member, 0, 1)}}
	if end := Validate(&e, &h, testNow, nil); end != nil || len(e.Custom.Contents) != 1 {
		t.Fatal(end, len(e.Custom.Contents))
	}
	both := e.Custom.Contents[:2]
	first := append(both[0].Members[:0], Member{Key: []byte("one")})
	_ = append(both[1].Members[:0], Member{Key: []byte("two")})
	if string(first[0].Key) != "one" {
		t.Errorf("the next event's contents overwrite each other: %s", first[0].Key)
	}
}
