package capi

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestPassback: what AppendAttribution and AppendValue need, and what of it is left out of other events.
func TestPassback(t *testing.T) {
	const (
		share  = `"attribution_share":0.5`
		noData = "attribution_data malformed"
		old    = "original_event_data malformed"
	)
	now := testNow.Unix()
	at := func(ago time.Duration) string { return strconv.FormatInt(now-int64(ago/time.Second), 10) }
	original := func(ago time.Duration) string { return `{"event_name":"Purchase","event_time":` + at(ago) + `}` }
	data := func(rest string) string {
		return `{"ad_id":"7","touchpoint_ts":` + at(3*time.Hour) + `,` + rest + `,"attribution_value":5}`
	}
	for _, c := range []struct{ name, what, original, attribution, end, dropped string }{
		{"AppendAttribution", "all there is", original(time.Hour), data(share), "", ""},
		{"AppendAttribution", "texts", `"` + strings.ReplaceAll(original(time.Hour), `"`, `\"`) + `"`, data(`"attribution_share":"1.0"`), "", ""},
		{"AppendAttribution", "no original", "", data(share), "missing_field: original_event_data", ""},
		{"AppendAttribution", "no name", `{"event_time":` + at(time.Hour) + `}`, data(share), "missing_field: original_event_data.event_name", ""},
		{"AppendAttribution", "no time", `{"event_name":"Purchase"}`, data(share), "missing_field: original_event_data.event_time", ""},
		{"AppendAttribution", "48 hours", original(48 * time.Hour), data(share), "invalid_field: original_event_data.event_time", old},
		{"AppendAttribution", "a second less", original(48*time.Hour - time.Second), `{"ad_id":7,"touchpoint_ts":` + at(50*time.Hour) + `,"attribution_share":0,"attribution_value":"0"}`, "", ""},
		{"AppendAttribution", "later than now", original(-time.Hour), data(share), "invalid_field: original_event_data.event_time", old},
		{"AppendAttribution", "no attribution", original(time.Hour), "", "missing_field: attribution_data", ""},
		{"AppendAttribution", "no object", original(time.Hour), `[1]`, "missing_field: attribution_data", noData},
		{"AppendAttribution", "more than all", original(time.Hour), data(`"attribution_share":1.01`), "invalid_field: attribution_data.attribution_share", noData},
		{"AppendAttribution", "less than nothing", original(time.Hour), data(`"attribution_share":-0.1`), "invalid_field: attribution_data.attribution_share", noData},
		{"AppendAttribution", "a percentage", original(time.Hour), data(`"attribution_share":50`), "invalid_field: attribution_data.attribution_share", noData},
		{"AppendAttribution", "no share", original(time.Hour), data(`"attribution_share":null`), "missing_field: attribution_data.attribution_share", noData},
		{"AppendAttribution", "touched with the event", original(3 * time.Hour), data(share), "invalid_field: attribution_data.touchpoint_ts", noData},
		{"AppendAttribution", "touched after the event", original(4 * time.Hour), data(share), "invalid_field: attribution_data.touchpoint_ts", noData},
		{"AppendAttribution", "no ad", original(time.Hour), `{"touchpoint_ts":` + at(3*time.Hour) + `,"attribution_share":1,"attribution_value":5}`, "missing_field: attribution_data.ad_id", noData},

		{"AppendValue", "its order", `{"order_id":"77"}`, "", "", ""},
		{"AppendValue", "no original", "", "", "missing_field: original_event_data", ""},
		{"AppendValue", "48 hours", original(48 * time.Hour), "", "invalid_field: original_event_data.event_time", old},

		{"Purchase", "an old one", original(480 * time.Hour), "", "", ""},
		{"Purchase", "a bad share", original(time.Hour), data(`"attribution_share":2`), "", noData},
		{"Purchase", "no object", `"x"`, "", "", old},
	} {
		var e Event
		purchase(&e)
		e.Name = []byte(c.name)
		if c.original != "" {
			e.Extra = append(e.Extra, member("original_event_data", c.original))
		}
		if c.attribution != "" {
			e.Extra = append(e.Extra, member("attribution_data", c.attribution))
		}
		end, dropped := validated(&e, &Hashed{})
		if end != c.end || dropped != c.dropped {
			t.Errorf("%s, %s: end %q, dropped %q", c.name, c.what, end, dropped)
		}
		if c.dropped != "" && hasKey(e.Extra, []byte(strings.Fields(c.dropped)[0])) {
			t.Errorf("%s, %s: still there", c.name, c.what)
		}
	}
}

// TestAppendValueIsWorthSomething: its value, or another word for it.
func TestAppendValueIsWorthSomething(t *testing.T) {
	for _, c := range []struct {
		member *Member
		end    string
	}{
		{nil, "missing_field: custom_data.value"},
		{&Member{[]byte("net_revenue"), []byte("5")}, ""},
		{&Member{[]byte("predicted_ltv"), []byte(`"50"`)}, ""},
		{&Member{[]byte("predicted_ltv"), []byte(`"much"`)}, "missing_field: custom_data.value"},
	} {
		var e Event
		purchase(&e)
		e.Name, e.Custom = []byte("AppendValue"), Custom{}
		e.Extra = append(e.Extra, member("original_event_data", `{"event_id":"e-1"}`))
		if c.member != nil {
			e.Custom.Members = append(e.Custom.Members, *c.member)
		}
		if end, _ := validated(&e, &Hashed{}); end != c.end {
			t.Errorf("%v: %q, want %q", c.member, end, c.end)
		}
	}
}
