package mapping

import "testing"

// TestPages: a part of an address is completed by the Referer, else by the host that the sender names, else by the source's.
func TestPages(t *testing.T) {
	const referer = "https://shop.example.com/checkout?step=2#top"
	for _, c := range []struct{ name, page, referrer, referer, host, known, want, wantReferrer string }{
		{"an address", "https://a.example/x", "http://b.example/", referer, "", "", "https://a.example/x", "http://b.example/"},
		{"a path", "/thanks?o=1", "", referer, "", "", "https://shop.example.com/thanks?o=1", ""},
		{"a path, and the origin alone", "/thanks", "", "https://shop.example.com", "", "", "https://shop.example.com/thanks", ""},
		{"a path without a slash", "thanks/all", "", referer, "", "", "https://shop.example.com/thanks/all", ""},
		{"a file", "thanks.html?o=1", "", referer, "", "", "https://shop.example.com/thanks.html?o=1", ""},
		{"a query", "?o=1", "", referer, "", "", "https://shop.example.com/checkout?o=1", ""},
		{"a fragment", "#done", "", referer, "", "", "https://shop.example.com/checkout?step=2#done", ""},
		{"without a scheme", "//other.example/x", "", referer, "", "", "https://other.example/x", ""},
		{"the same host without a scheme", "Shop.example.com/thanks", "", referer, "", "", "https://Shop.example.com/thanks", ""},
		{"upper case", "/x", "", "HTTPS://shop.example.com:8443/", "", "", "HTTPS://shop.example.com:8443/x", ""},
		{"no value", "undefined", "", referer, "", "", referer, ""},
		{"another scheme", "about:blank", "", referer, "", "", referer, ""},
		{"another scheme, no Referer", "about:blank", "", "", "", "", "about:blank", ""},
		{"a host", "/thanks", "", "", "shop.example.com", "https://known.example/", "https://shop.example.com/thanks", ""},
		{"a host with a scheme", "/thanks", "", "", "http://shop.example.com/x", "", "http://shop.example.com/thanks", ""},
		{"the source's page", "/thanks", "", "", "", "https://known.example/a/b", "https://known.example/thanks", ""},
		{"nothing known", "/thanks", "/cart", "", "", "", "/thanks", "/cart"},
		{"the referrer's path", "https://shop.example.com/thanks", "/cart", "", "", "", "https://shop.example.com/thanks", "https://shop.example.com/cart"},
		{"both", "/thanks", "/cart", referer, "", "", "https://shop.example.com/thanks", "https://shop.example.com/cart"},
		{"no page", "", "null", referer, "", "", "", ""},
		{"a Referer that is none", "/thanks", "", "https:///x", "", "", "https:///x", ""},
	} {
		o := new(Output)
		o.Event.SourceURL, o.Event.ReferrerURL = []byte(c.page), []byte(c.referrer)
		o.Browser.Referer, o.Browser.Host = []byte(c.referer), []byte(c.host)
		o.CompletePages([]byte(c.known))
		if string(o.Event.SourceURL) != c.want || string(o.Event.ReferrerURL) != c.wantReferrer {
			t.Errorf("%s: %q and %q, want %q and %q", c.name, o.Event.SourceURL, o.Event.ReferrerURL, c.want, c.wantReferrer)
		}
	}
}
