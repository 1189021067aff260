package pageurl_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

func public(address string) string {
	out, changed := pageurl.AppendPublic(nil, []byte(address))
	if !changed {
		return address
	}
	return string(out)
}

// TestTakenOut: what names a person goes, the rest stays.
func TestTakenOut(t *testing.T) {
	const shop = "https://shop.example.com"
	for address, want := range map[string]string{
		// e-mails, wherever and however they are written
		"/thanks?order=7&email=jane@example.com#tok":                           "/thanks?order=7#tok",
		"/?email=jane%40example.com":                                           "/",
		"/?x=jane%2540example.com&order=7":                                     "/?order=7",
		"/?x=jane%252540example.com":                                           "/",
		"/?order=7&u=jane%2Btag%40example.co.uk&utm_source=a":                  "/?order=7&utm_source=a",
		"/?jane@example.com":                                                   "/",
		"/?jane%40example.com=1&a=1":                                           "/?a=1",
		"/?utm_content=jane@example.com&utm_source=mail":                       "/?utm_source=mail",
		"/?next=%2Faccount%3Femail%3Djane%2540example.com&order=7":             "/?order=7",
		"/?q=contact+jane%40example.com":                                       "/",
		"/?user=%7B%22mail%22%3A%22jane%40example.com%22%7D&v=2":               "/?v=2",
		"/?u=jürgen@müller.de":                                                 "/",
		"/?u=jane@xn--mller-kva.de":                                            "/",
		"/?e=amFuZUBleGFtcGxlLmNvbQ%3D%3D&order=7":                             "/?order=7",
		"/?e=amFuZUBleGFtcGxlLmNvbQ==&order=7":                                 "/?order=7",
		"/?amFuZUBleGFtcGxlLmNvbQ==":                                           "/",
		"/?t=eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ.c2ln": "/",
		"/users/jane@example.com/orders/7":                                     "/users/orders/7",
		"/users/jane%40example.com":                                            "/users",
		"/jane@example.com":                                                    "/",
		"/unsubscribe/amFuZUBleGFtcGxlLmNvbQ/now":                              "/unsubscribe/now",
		"/a/email=jane/b":                                                      "/a/b",
		"/a;email=jane@example.com/b":                                          "/b",
		"/#email=jane@example.com":                                             "/",
		"/#email=jane&step=2":                                                  "/#step=2",
		"/#step=2&email=jane":                                                  "/#step=2",
		"/#/thanks?order=7&email=jane@example.com":                             "/#/thanks?order=7",
		"/#/users/jane@example.com/edit":                                       "/#/users/edit",
		"/#!/thanks?email=jane":                                                "/#!/thanks",
		"/?order=7&amp;email=jane@example.com&amp;v=2":                         "/?order=7&amp&amp;v=2",
		"/?a=1?email=jane@example.com":                                         "/?a=1",
		// known names in all spellings
		"/?user[email]=jane&a=1": "/?a=1", "/?customer.email=jane": "/", "/?userEmail=jane": "/", "/?e-mail=jane": "/", "/?EMAIL_1=jane": "/",
		"/?billing_email=jane": "/", "/?your-email=jane": "/", "/?em=0123": "/", "/?user%5Bemail%5D=jane": "/", "/?emailAddress=jane": "/",
		"/?first_name=Jane&last_name=Doe&order=7": "/?order=7", "/?fname=Jane": "/", "/?name=Jane": "/", "/?fullName=Jane+Doe": "/", "/?fn=Jane": "/",
		"/?customer[name]=Jane": "/", "/?billing_first_name=Jane": "/", "/?customerName=Jane": "/", "/?vorname=Jane": "/", "/?pr%C3%A9nom=Jane&nom=Doe": "/", "/?voornaam=J": "/",
		"/?shipping_address[city]=Berlin": "/", "/?form_fields[name]=Jane": "/", "/?stra%C3%9Fe=x&adresse=Weg": "/", "/?geburtstag=1.1.1990": "/",
		"/?address=Main+St+1": "/", "/?billing_address_1=Main": "/", "/?street=Main": "/", "/?zip=94107": "/", "/?postcode=94107": "/", "/?shipping_city=Berlin": "/",
		"/?dob=1990-01-31": "/", "/?birthday=0131": "/", "/?user[gender]=f": "/", "/?ssn=1": "/?ssn=1", "/?ssn=078051120": "/", "/?password=hunter2": "/",
		"/?ud[ct]=berlin": "/", "/?access_token=abc": "/", "/?redirect=/x%3Ffirst_name%3DJane%26order%3D7&v=1": "/?v=1",
		"/?u=%7B%22first_name%22%3A%22Jane%22%7D": "/",
		// phones
		"/?order=7&phone=%2B14155550123": "/?order=7", "/?phone=14155550123": "/", "/?billing_phone=(415)+555-0123": "/", "/?tel=0301234567": "/", "/?x=%2B14155550123": "/",
		"/?x=+14155550123": "/", "/call/+14155550123/now": "/call/now", "/?x=tel:4155550123": "/", "/?mobile=4155550123": "/",
	} {
		if got := public(shop + address); got != shop+want {
			t.Errorf("%s: %s, want %s", address, got, shop+want)
		}
	}
	for address, want := range map[string]string{
		"https://jane:pw@shop.example.com/p?a=1":      "https://shop.example.com/p?a=1",
		"https://jane%40example.com@shop.example.com": "https://shop.example.com",
		"https://jane%40shop.example.com/p":           "https://shop.example.com/p",
		"//jane@shop.example.com/":                    "//shop.example.com/",
		"/p?email=jane":                               "/p",
		"mailto:jane@example.com":                     "",
		"https://a@b@shop.example.com/":               "https://shop.example.com/",
		"/jane@example.com//a@host/":                  "/a@host/",
		"myapp://open/jane@example.com":               "myapp://open/",
	} {
		if got := public(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// TestStays: what names nobody stays byte for byte.
func TestStays(t *testing.T) {
	for _, address := range []string{
		"", "/", "?", "#", "https://shop.example.com", "https://shop.example.com/?", "https://shop.example.com/#", "https://shop.example.com/?&&a=&=b#",
		"https://shop.example.com/thanks?order=1234567890&order_id=4155550123&transaction_id=00491711234567#tok",
		"https://shop.example.com/?utm_source=email&utm_medium=e-mail&utm_campaign=name:spring&utm_email=1&utm_term=phone",
		"https://shop.example.com/?fbclid=IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk&gclid=EAIaIQobChMI&gbraid=0AAAA",
		"https://shop.example.com/?product_name=mug&category=phone&model=iphone-15&phone=iphone15&mobile=1&email=1&newsletter_email=true&email=",
		"https://shop.example.com/?gender=women&city=berlin&country=de&state=xyz123&region=eu&size=m&age=5&cloudname=x&academyname=y&modelname=z&channelname=c",
		"https://shop.example.com/@jane/p/react@18.2.0/logo@2x.png?v=1.2.3", "https://shop.example.com/2026/11/30/blue-running-shoes-size-42/",
		"https://shop.example.com/?ll=+52.5200,13.4050&tz=+0200&time=12:30&ts=2026-11-30T03:00:00+00:00", "https://shop.example.com/?q=%zz%4&x=%C3%BC",
		"https://shop.example.com/?customer_id=77&user_id=12&email_campaign=spring&code=SPRING&key=7", "https://shop.example.com/a:b/c=d/#a/b:c",
		"https://shop.example.com/?ids=a1b2c3d4e5f6a7b8c9d0,A1B2C3&sig=dGhpcyBpcyBubyBtYWlsIGF0IGFsbA", "android-app://com.google.android.gm/",
	} {
		room := make([]byte, 3, 100)
		out, changed := pageurl.AppendPublic(room, []byte(address))
		if changed || len(out) != 3 {
			t.Errorf("%s: %s", address, out[3:])
		}
	}
}

// TestAllocations: an address that stays costs no memory, one that does not only what it is appended to.
func TestAllocations(t *testing.T) {
	stays := []byte("https://shop.example.com/thanks/a%20b?order=7&fbclid=IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB&utm_source=a#tok")
	goes := []byte("https://shop.example.com/thanks?order=7&email=jane%40example.com&first_name=Jane")
	room := make([]byte, 0, 512)
	if n := testing.AllocsPerRun(100, func() {
		pageurl.AppendPublic(nil, stays)
		pageurl.AppendPublic(room, goes)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

var (
	email  = regexp.MustCompile(`[A-Za-z0-9_.+-]@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}`)
	scaled = regexp.MustCompile(`@[2-9]x\.`)
)

// FuzzPublic: the result is an address if the input was, has no e-mail, and is the result of itself.
func FuzzPublic(f *testing.F) {
	for _, seed := range []string{
		"https://jane:pw@shop.example.com/a/jane@example.com?order=7&email=jane%2540example.com;x=1?y=2#/p?name=Jane", "//a@b//c@d/e@f.gh", "mailto:a@b.cc",
		"/?t=eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ", "https://[::1]:80/%zz?%=%&=#=?=", "a@b.cc/x:y", "/a@b.cc//c@d.ee/", "#a=1&email=b", "x://?a?b@c.dd",
		"%00@0.AA", "%%00@0.AA", "/?a=%25%25%2500@0.AA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		got := public(address)
		if again := public(got); again != got {
			t.Fatalf("%q: %q, then %q", address, got, again)
		}
		if _, err := url.Parse(address); err == nil {
			if _, err := url.Parse(got); err != nil {
				t.Errorf("%q: %q: %v", address, got, err)
			}
		}
		if plain := got; len(got) < 200 {
			for range 3 {
				next, err := url.PathUnescape(plain)
				for _, part := range strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune("/?&;#", r) }) {
					escaped := err == nil && strings.Contains(part, "%") // what it says is looked at in the next round
					if !escaped && email.MatchString(part) && !scaled.MatchString(part) {
						t.Errorf("%q: %q has %q", address, got, part)
					}
				}
				if err != nil {
					break
				}
				plain = next
			}
		}
		if len(got) > len(address) {
			t.Errorf("%q: %q is longer", address, got)
		}
	})
}

func BenchmarkStays(b *testing.B) {
	address := []byte("https://shop.example.com/products/blue-mug?order=7&utm_source=fb&fbclid=IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk")
	b.ReportAllocs()
	for b.Loop() {
		pageurl.AppendPublic(nil, address)
	}
}
