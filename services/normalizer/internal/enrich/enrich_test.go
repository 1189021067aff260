package enrich_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

const (
	v4, v6 = "203.0.113.24", "2001:db8:85a3::8a2e:370:7334"
	oldFbc = "fb.1.1790000000000.OldClick"
)

// TestPerson: which values come from the visitor's request, the page and the sender's own ids.
func TestPerson(t *testing.T) {
	for _, c := range []struct {
		name, url string
		referrer  string
		own       map[identity.Key]string
		browser   mapping.Browser
		people    mapping.People
		key       identity.Key
		want      []string
	}{
		{name: "the cookie's IPv6", browser: mapping.Browser{IP: []byte(v4), CookieIP: []byte(v6)}, key: identity.ClientIPAddress, want: []string{v6}},
		{name: "the request's IPv6", browser: mapping.Browser{IP: []byte(v6), CookieIP: []byte(v4)}, key: identity.ClientIPAddress, want: []string{v6}},
		{name: "no private address", browser: mapping.Browser{IP: []byte("10.0.0.1")}, key: identity.ClientIPAddress},
		{name: "own address", own: map[identity.Key]string{identity.ClientIPAddress: v4}, browser: mapping.Browser{IP: []byte(v6)}, key: identity.ClientIPAddress, want: []string{v4}},
		{name: "built", url: "https://s.example.com/?fbclid=NewClick", key: identity.Fbc, want: []string{"fb.1.1795426200000.NewClick"}},
		{name: "no click", url: "https://s.example.com/", key: identity.Fbc},
		{name: "cookie", browser: mapping.Browser{Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{oldFbc}},
		{name: "same click", url: "https://s.example.com/?fbclid=OldClick", browser: mapping.Browser{Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{oldFbc}},
		{name: "newer click", url: "https://s.example.com/?fbclid=NewClick", browser: mapping.Browser{Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{"fb.1.1795426200000.NewClick"}},
		{name: "own fbc", url: "https://s.example.com/?fbclid=NewClick", own: map[identity.Key]string{identity.Fbc: oldFbc}, key: identity.Fbc, want: []string{oldFbc}},
		{name: "index of the domain", url: "https://www.example.co.uk/?fbclid=NewClick", key: identity.Fbc, want: []string{"fb.2.1795426200000.NewClick"}},
		{name: "index of an address", url: "http://203.0.113.1/?fbclid=NewClick", key: identity.Fbc, want: []string{"fb.0.1795426200000.NewClick"}},
		{name: "click of the Referer", url: "https://s.example.com/", browser: mapping.Browser{Referer: []byte("https://s.example.com/l?fbclid=NewClick"), Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{"fb.1.1795426200000.NewClick"}},
		{name: "the page before the Referer", url: "https://s.example.com/?fbclid=OldClick", browser: mapping.Browser{Referer: []byte("https://s.example.com/l?fbclid=NewClick"), Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{oldFbc}},
		{name: "click of the referrer", url: "https://s.example.com/", referrer: "https://s.example.com/l?fbclid=NewClick", key: identity.Fbc, want: []string{"fb.1.1795426200000.NewClick"}},
		{name: "cookie with an appendix", url: "https://s.example.com/?fbclid=OldClick", browser: mapping.Browser{Fbc: []byte(oldFbc + ".AQQCAQMC")}, key: identity.Fbc, want: []string{oldFbc + ".AQQCAQMC"}},
		{name: "cookie with a token", url: "https://s.example.com/?fbclid=OldClick", browser: mapping.Browser{Fbc: []byte(oldFbc + ".Ag")}, key: identity.Fbc, want: []string{oldFbc + ".Ag"}},
		{name: "no cookie of theirs", url: "https://s.example.com/?fbclid=OldClick", browser: mapping.Browser{Fbc: []byte(oldFbc + ".zz")}, key: identity.Fbc, want: []string{"fb.1.1795426200000.OldClick"}},
		{name: "case of a click counts", url: "https://s.example.com/?fbclid=oldclick", browser: mapping.Browser{Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{"fb.1.1795426200000.oldclick"}},
		{name: "too long a click", url: "https://s.example.com/?fbclid=" + strings.Repeat("a", 501), key: identity.Fbc},
		{name: "own fbc that is none", url: "https://s.example.com/", own: map[identity.Key]string{identity.Fbc: "x"}, browser: mapping.Browser{Fbc: []byte(oldFbc)}, key: identity.Fbc, want: []string{"x", oldFbc}},
		{name: "fbp", browser: mapping.Browser{Fbp: []byte("fb.1.1790000000000.7")}, key: identity.Fbp, want: []string{"fb.1.1790000000000.7"}},
		{name: "own fbp", own: map[identity.Key]string{identity.Fbp: "fb.1.1790000000000.8"}, browser: mapping.Browser{Fbp: []byte("fb.1.1790000000000.7")}, key: identity.Fbp, want: []string{"fb.1.1790000000000.8"}},
		{name: "own fbp that is none", own: map[identity.Key]string{identity.Fbp: "x"}, browser: mapping.Browser{Fbp: []byte("fb.1.1790000000000.7")}, key: identity.Fbp, want: []string{"x", "fb.1.1790000000000.7"}},
		{name: "fbp that is none", browser: mapping.Browser{Fbp: []byte("fb.1.x.7")}, key: identity.Fbp},
		{name: "ids in order", people: mapping.People{Membership: []byte("m"), User: []byte("u"), GAClient: []byte("1.2")}, key: identity.ExternalID, want: []string{"m", "u", "1.2"}},
	} {
		out := &mapping.Output{Browser: c.browser, People: c.people}
		out.Event.SourceURL, out.Event.Time, out.Event.TimeSet = []byte(c.url), 1795426200, true
		out.Event.ReferrerURL = []byte(c.referrer)
		for k, v := range c.own {
			out.Event.User.Add(k, identity.Auto, []byte(v))
		}
		enrich.Apply(out, &enrich.Defaults{ActionSource: []byte("website")}, "")
		var got []string
		for _, v := range out.Event.User.Values {
			if v.Key == c.key {
				got = append(got, string(v.Text))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestActionSource: the event's own goes first, then the source's, the format's, the channel's.
func TestActionSource(t *testing.T) {
	for _, c := range []struct {
		own, format, want string
		explicit          bool
	}{
		{"email", "website", "email", true},
		{"", "website", "chat", true},
		{"", "website", "website", false},
		{"", "", "chat", false},
	} {
		out := &mapping.Output{}
		out.Event.ActionSource = []byte(c.own)
		enrich.Apply(out, &enrich.Defaults{ActionSource: []byte("chat"), Explicit: c.explicit}, c.format)
		if got := string(out.Event.ActionSource); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// TestPageAndCurrency: what an event leaves out is completed by what is nearest, and by the source's defaults at last.
func TestPageAndCurrency(t *testing.T) {
	defaults := enrich.Defaults{ActionSource: []byte("website"), Currency: []byte("USD"), SourceURL: []byte("https://known.example/x")}
	product := func(currency string) *mapping.Product {
		return &mapping.Product{IDs: [3][]byte{[]byte(`"a"`)}, Currency: []byte(currency)}
	}
	for _, c := range []struct{ page, referer, own, product, wantPage, wantCurrency string }{
		{"", "", "", "", "https://known.example/x", "USD"},
		{"/thanks", "", "", `"EUR"`, "https://known.example/thanks", "EUR"},
		{"/thanks", "https://shop.example.com/", "GBP", `"EUR"`, "https://shop.example.com/thanks", "GBP"},
		{"https://a.example/", "https://shop.example.com/", "undefined", `"null"`, "https://a.example/", "USD"},
	} {
		out := &mapping.Output{Browser: mapping.Browser{Referer: []byte(c.referer)}}
		e := &out.Event
		e.SourceURL, e.Custom.Value, e.Custom.Currency = []byte(c.page), []byte("5"), []byte(c.own)
		out.AddProduct(product(c.product))
		enrich.Apply(out, &defaults, "")
		if string(e.SourceURL) != c.wantPage || string(e.Custom.Currency) != c.wantCurrency {
			t.Errorf("%v: %s %s", c, e.SourceURL, e.Custom.Currency)
		}
	}
}
