package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
)

// visitor is what browser read, in one line: address, agent, page, fbp, fbc, fbi, GA client.
func visitor(o *Output) string {
	b := &o.Browser
	return strings.Join([]string{string(b.IP), string(b.UserAgent), string(b.Referer), string(b.Fbp), string(b.Fbc), string(b.CookieIP), string(o.People.GAClient)}, "|")
}

// TestBrowser: what the visitor's own request says.
func TestBrowser(t *testing.T) {
	for _, c := range []struct{ name, headers, want string }{
		{"all", `{"user-agent":"Mozilla","referer":"https://s.example.com/","cookie":"_fbp=p; _fbc=c; _fbi=i; _ga=GA1.1.5.6"}`, "203.0.113.7|Mozilla|https://s.example.com/|p|c|i|5.6"},
		{"none", ``, "203.0.113.7||||||"},
		{"others", `{"accept":"x","cookies":"_fbp=p","User-Agent":"x"}`, "203.0.113.7||||||"},
		{"no texts", `{"user-agent":null,"referer":{},"cookie":["_fbp=p"]}`, "203.0.113.7||||||"},
		{"no object", `["user-agent"]`, "203.0.113.7||||||"},
		{"escapes", `{"user-agent":"a\"b","cookie":"_fbp=\u0070"}`, `203.0.113.7|a"b||p|||`},
	} {
		o := new(Output)
		o.ReadBrowser(&event.Raw{IP: []byte("203.0.113.7"), Headers: []byte(c.headers)})
		if got := visitor(o); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestCookieHeaders: only Meta's and Google's cookies, the first of a name, however they are written.
func TestCookieHeaders(t *testing.T) {
	for header, want := range map[string]string{
		"":                                     "|||",
		";;; ; =;=x;_fbp":                      "|||",
		"_fbp=":                                "|||",
		"_fbp=;_fbp=second":                    "second|||",
		"_fbp=a;_fbp=b":                        "a|||",
		" \t_fbp=a\t ;_fbc=c":                  "a|c||",
		"x_fbp=a;_fbpx=b;_FBP=c;fbp=d":         "|||",
		"_fbp=a=b":                             "a=b|||",
		"_fbi=2001:db8::1":                     "||2001:db8::1|",
		"_ga=GA1.2.11.22;_ga=GA1.2.33.44":      "|||11.22",
		"_ga=GA1.1.amp-x;_ga=GA1.2.33.44":      "|||33.44",
		"_ga=none;_ga=GA1.2.33.44":             "|||33.44",
		"_ga_ABC=GS1.1.5.6;_gid=GA1.2.7.8":     "|||",
		"_ga=GA1.;_ga=GA1":                     "|||",
		"session=secret; _fbc=fb.1.1.AbC.AQEA": "|fb.1.1.AbC.AQEA||",
	} {
		o := new(Output)
		o.cookies([]byte(header))
		got := strings.Join([]string{string(o.Browser.Fbp), string(o.Browser.Fbc), string(o.Browser.CookieIP), string(o.People.GAClient)}, "|")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", header, diff)
		}
	}
}

// FuzzBrowser: no header of a stranger panics, and nothing is read that the header does not hold.
func FuzzBrowser(f *testing.F) {
	for _, seed := range []string{"", "_ga=GA1.", "_ga=GA1..", "_fbp=a;_fbc=b", "=;=;", "_ga=GA1.1.5.6; _fbi=::1", "_fbc=\x82\x8e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cookie string) {
		headers, err := json.Marshal(map[string]string{"cookie": cookie})
		if err != nil {
			t.Fatal(err)
		}
		o := new(Output)
		o.ReadBrowser(&event.Raw{Headers: headers})
		for _, part := range [][]byte{o.Browser.Fbp, o.Browser.Fbc, o.Browser.CookieIP, o.People.GAClient} {
			if !strings.Contains(string([]rune(cookie)), string(part)) { // JSON has a U+FFFD for each byte that is no text
				t.Errorf("%q is not in %q", part, cookie)
			}
		}
	})
}
