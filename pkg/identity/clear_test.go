package identity

import (
	"strings"
	"testing"
)

func TestClearIDs(t *testing.T) {
	check(t, LeadID, nil, []row{
		{" 123456789012345 ", "123456789012345", Kept},
		{"12345678901234567", "12345678901234567", Kept}, // more than a float64 holds
		{"12345678901234", "", Malformed},
		{"123456789012345678", "", Malformed},
		{"1.23456789e16", "", Malformed},
		{"l:123456789012345", "123456789012345", Kept},
		{"'123456789012345", "123456789012345", Kept},
		{`="l:123456789012345"`, "123456789012345", Kept},
		{"1.23456789012345E14", "123456789012345", Kept},
		{"p:123456789012345", "", Malformed},
		{"0", "", Empty},
		{"", "", Empty},
	})
	check(t, FbLoginID, nil, []row{
		{"1", "1", Kept},
		{"18446744073709551615", "18446744073709551615", Kept},
		{"184467440737095516150", "", Malformed},
		{"-1", "", Malformed},
		{" ", "", Empty},
	})
	check(t, Madid, nil, []row{
		{"38400000-8CF0-11bd-b23e-10b96e40000d", "38400000-8CF0-11bd-b23e-10b96e40000d", Kept},
		{"00000000-0000-0000-0000-000000000000", "", Empty},
		{"00000000000000000000000000000000", "", Empty},
		{"a\x00b", "", Malformed},
	})
	opaque := []row{
		{" ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwFF4 ", "ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwFF4", Kept},
		{strings.Repeat("a", longestID), strings.Repeat("a", longestID), Kept},
		{strings.Repeat("a", longestID+1), "", Malformed},
		{"a\tb", "", Malformed},
		{"a\x7fb", "", Malformed},
		{"a\u0085b", "", Malformed},
		{"a\xffb", "", Malformed},
		{"", "", Empty},
	}
	for _, k := range []Key{
		SubscriptionID, AnonID, PageID, PageScopedUserID, CtwaClid, WhatsAppBusinessAccountID, IgAccountID,
		InstagramBusinessAccountID, IgSID,
	} {
		check(t, k, nil, opaque)
	}
}

func TestClientUserAgent(t *testing.T) {
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
	check(t, ClientUserAgent, nil, []row{
		{firefox, firefox, Kept},
		{" curl/8.5 ", "curl/8.5", Kept},
		{"naïve/1", "naïve/1", Kept},
		{strings.Repeat("a", longestUserAgent), strings.Repeat("a", longestUserAgent), Kept},
		{strings.Repeat("a", longestUserAgent+1), "", Malformed},
		{"a\r\nX-Injected: b", "", Malformed},
		{"", "", Empty},
	})
}

func TestUnknownKeyKeepsNothing(t *testing.T) {
	check(t, NumKeys, nil, []row{{"a", "", Malformed}, {"", "", Empty}})
	if NumKeys.String() != "unknown" || NumDrops.String() != "unknown" {
		t.Error("what is no key or drop has a name")
	}
}
