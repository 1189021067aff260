package pageurl_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

// opened is an address without its credentials.
func opened(address string) string {
	out, changed := pageurl.AppendWithoutCredentials(nil, []byte(address))
	if !changed {
		return address
	}
	return string(out)
}

const webToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"

// TestCredentials: what opens something goes out of every part of an address, in whichever spelling, and persons stay where
// only credentials are asked for.
func TestCredentials(t *testing.T) {
	const shop = "https://shop.example.com"
	for address, want := range map[string]string{
		"/?token=x7&order=7":                                   "/?order=7",
		"/?order=7&access_token=x7#top":                        "/?order=7#top",
		"/?accessToken=x7":                                     "/",
		"/?reset_password_token=x7&a=1":                        "/?a=1",
		"/?user[password]=hunter2":                             "/",
		"/?user%5Bpassword%5D=hunter2":                         "/",
		"/?PASSWORD=hunter2;a=1":                               "/?a=1",
		"/?api-key=x7":                                         "/",
		"/?key=wc_order_8ZxAbCdEf&a=1":                         "/?a=1",
		"/?code=4%2F0AeanS0a1b2c3d4e5f6":                       "/",
		"/?X-Amz-Signature=f00&X-Amz-Credential=AK":            "/",
		"/#access_token=x7&state=1":                            "/#state=1",
		"/#/reset?token=x7":                                    "/#/reset",
		"/#token=x7":                                           "/",
		"/reset-password/0123456789abcdef/now":                 "/reset-password/now",
		"/a;jsessionid=x7/b":                                   "/b",
		"/a/token=x7/b":                                        "/a/b",
		"/a/" + webToken:                                       "/a",
		"/?x=" + webToken:                                      "/",
		"/?next=%2Faccount%3Ftoken%3Dx7&a=1":                   "/?a=1",
		"/?next=https%253A%252F%252Fa.example%253Ftoken%253Dx": "/",
		"/?next=https://u:p@a.example/&a=1":                    "/?a=1",
		"/?s=sk_live_0123456789abcdef":                         "/",
		"/jane@example.com?email=jane@example.com&token=x7":    "/jane@example.com?email=jane@example.com",
	} {
		if got := opened(shop + address); got != shop+want {
			t.Errorf("%s: %s, want %s", address, got, shop+want)
		}
	}
	for _, address := range []string{
		shop + "/tokens/7?code=SPRING20&key=7&token=&newsletter_password=0&sid=17954&session_id=cs_1",
		shop + "/?fbclid=IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB&gclid=EAIaIQobChMI&keyword=token&monkey=banana-banana-banana",
		"mailto:jane@example.com", "https://jane@shop.example.com/", shop + "/a@b/c",
	} {
		if got := opened(address); got != address {
			t.Errorf("%s: %s", address, got)
		}
	}
	for address, want := range map[string]string{
		"https://jane:pw@shop.example.com/p":                   "https://jane@shop.example.com/p",
		"https://jane%3Apw@shop.example.com/p":                 "https://shop.example.com/p",
		"https://jane:pw%40shop.example.com/p":                 "https://shop.example.com/p",
		"https://a:b@c:d@shop.example.com/p":                   "https://a@shop.example.com/p",
		"https://sk_live_0123456789abcdef:@shop.example.com/p": "https://shop.example.com/p",
		"https://ghp_0123456789abcdefghij@shop.example.com/p":  "https://shop.example.com/p",
		"https://:pw@shop.example.com/p":                       "https://@shop.example.com/p",
	} {
		if got := opened(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// TestText: addresses are found in texts, and the words around them stay.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example/?token=x7":                          "https://a.example/",
		"https://a.example/?q=a b&token=x7":                    "https://a.example/?q=a b",
		"see https://a.example/?token=x7&b=1 and more":         "see https://a.example/?b=1 and more",
		`<a href="https://a.example/?token=x7">x</a>`:          `<a href="https://a.example/">x</a>`,
		"shop.example.com/reset?token=x7":                      "shop.example.com/reset",
		"?token=x7&a=1":                                        "?a=1",
		"#token=x7":                                            "",
		"https%3A%2F%2Fa.example%2F%3Ftoken%3Dx7":              "",
		"android-app://com.example/?token=x7":                  "android-app://com.example/",
		"//a.example/?token=x7":                                "//a.example/",
		"\thttps://u:p@a.example/":                             "\thttps://u@a.example/",
		"50% off / with code SPRING? yes=no, token=none today": "50% off / with code SPRING? yes=no, token=none today",
		"jane@example.com":                                     "jane@example.com",
		"Mozilla/5.0 (X11; Linux x86_64)":                      "Mozilla/5.0 (X11; Linux x86_64)",
		`{"a":"/?token=x7"}`:                                   `{"a":"/?token=x7"}`,
	} {
		out, changed := pageurl.AppendTextWithoutCredentials([]byte("!"), []byte(text))
		got := text
		if changed {
			got = string(out[1:])
		} else if len(out) != 1 {
			t.Errorf("%q: nothing was changed, and %q appended", text, out)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzText: what is left has nothing more to take out.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"see https://a.example/?token=x7&b=1 and more", "/?a=b c&token=x7", "//u:p@a/ //u@b/?pwd=x", "?token=x7", "a/token=x?b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, clean := range []func(dst, text []byte) ([]byte, bool){pageurl.AppendPublicText, pageurl.AppendTextWithoutCredentials} {
			out, changed := clean(nil, []byte(text))
			if !changed {
				continue
			}
			if len(out) >= len(text) {
				t.Errorf("%q: %q is no shorter", text, out)
			}
		}
	})
}
