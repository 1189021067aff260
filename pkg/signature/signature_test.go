package signature_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

// TestHolds: the signature of each vector holds, and no longer holds if any part of the vector is changed.
func TestHolds(t *testing.T) {
	for _, v := range all(t) {
		t.Run(v.name, func(t *testing.T) {
			if !v.scheme.Holds(v.request(), v.secret) {
				t.Fatal("the vendor's own signature does not hold")
			}
			for name, change := range map[string]func(r *signature.Request) (secret string){
				"wrong secret":   func(*signature.Request) string { return v.secret + "x" },
				"empty secret":   func(*signature.Request) string { return "" },
				"tampered body":  func(r *signature.Request) string { r.Body = append(r.Body, ' '); return v.secret },
				"cut body":       func(r *signature.Request) string { r.Body = r.Body[:max(len(r.Body)-1, 0)]; return cut(r, v.secret) },
				"no header":      func(r *signature.Request) string { r.Header = http.Header{}; return v.secret },
				"signature only": func(r *signature.Request) string { each(r, func(string) string { return "" }); return v.secret },
				"garbage": func(r *signature.Request) string {
					each(r, func(string) string { return "§§ not base64, not hex" })
					return v.secret
				},
				"a byte less": func(r *signature.Request) string {
					each(r, func(s string) string { return s[:len(s)-1] })
					return v.secret
				},
				"another's header": func(r *signature.Request) string { each(r, flipped); return v.secret },
			} {
				r := v.request()
				if secret := change(r); v.scheme.Holds(r, secret) {
					t.Errorf("%s: it holds", name)
				}
			}
		})
	}
}

// cut returns the secret to check a request with whose body was cut by a byte. An empty body can't be cut: it is
// checked with another secret instead.
func cut(r *signature.Request, secret string) string {
	if len(r.Body) == 0 {
		return secret + "x"
	}
	return secret
}

// each applies change to every header that carries a signature; times and versions stay.
func each(r *signature.Request, change func(string) string) {
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.Contains(lower, "signature") && !strings.Contains(lower, "version") || strings.Contains(lower, "hmac") {
			r.Header.Set(name, change(r.Header.Get(name)))
		}
	}
}

// flipped returns a signature of the right form with its digits changed.
func flipped(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'e':
			return c + 1
		case c == 'f':
			return 'a'
		case c >= 'A' && c <= 'Y':
			return c + 1
		}
		return c
	}, text)
}

// TestURL: Square and HubSpot (v2, v3) sign where they post to; the others do not.
func TestURL(t *testing.T) {
	for _, v := range all(t) {
		r := v.request()
		r.URL += "?x=1"
		_, square := v.scheme.(signature.Square)
		_, hubspot := v.scheme.(signature.HubSpot)
		signs := square || hubspot && !strings.HasSuffix(v.name, "v1")
		if got := v.scheme.Holds(r, v.secret); got == signs {
			t.Errorf("%s at another URL: holds %v", v.name, got)
		}
	}
}

// TestTime: a signature with a time holds up to five minutes before and after it, to the second.
func TestTime(t *testing.T) {
	for _, v := range all(t) {
		for late, want := range map[time.Duration]bool{
			0: true, 299 * time.Second: true, -299 * time.Second: true,
			302 * time.Second: false, -302 * time.Second: false, 24 * time.Hour: false, -24 * time.Hour: false,
		} {
			r := v.request()
			r.Now = r.Now.Add(late)
			if got := v.scheme.Holds(r, v.secret); got != (want || v.at == 0) {
				t.Errorf("%s, %s late: holds %v", v.name, late, got)
			}
		}
	}
}

// TestStripeHeader: any of the v1 signatures may hold, other schemes do not count, and there must be exactly one time.
func TestStripeHeader(t *testing.T) {
	const good = "8afd9ac952c38914c3db7164248a3bed74228e478a9edf4a36b3e0044641116d"
	bad := strings.Repeat("0", 64)
	for _, c := range []struct {
		header string
		want   bool
	}{
		{"t=1795426200,v1=" + good, true},
		{" t=1795426200 , v1=" + good, true},
		{"v1=" + good + ",t=1795426200", true},
		{"t=1795426200,v1=" + bad + ",v1=" + good + ",v1=" + bad, true},
		{"t=1795426200,v1=" + strings.ToUpper(good), true},
		{"t=1795426200,v0=" + good, false},
		{"t=1795426200,v2=" + good, false},
		{"t=1795426201,v1=" + good, false},
		{"t=1795426200.5,v1=" + good, false},
		{"t=,v1=" + good, false},
		{"v1=" + good, false},
		{"t=1795426200", false},
		{"t=1795426200,v1=", false},
		{"t=1795426200,v1=" + good + "00", false},
		{"t=1795426200,v1", false},
		{"t=99999999999999999999,v1=" + good, false},
		{"t=1795426200,v1=" + good[:62] + "zz", false},
		{strings.Repeat("v1="+bad+",", 2000) + "t=1795426200,v1=" + good, true},
	} {
		r := &signature.Request{Header: http.Header{"Stripe-Signature": {c.header}}, Body: []byte(stripeEvent), Now: time.Unix(1795426200, 0)}
		if got := (signature.Stripe{}).Holds(r, "whsec_test_secret"); got != c.want {
			t.Errorf("%.100s: holds %v", c.header, got)
		}
	}
}

// TestHubSpotVersion: v1 and v2 hold only where any version does; there a v3 header decides alone; without a version header
// the signature is v1; an unknown version never holds.
func TestHubSpotVersion(t *testing.T) {
	v1 := vectors[2]
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"X-HubSpot-Signature-Version", "", true},
		{"X-HubSpot-Signature-Version", "V1", true},
		{"X-HubSpot-Signature-Version", "v2", false},
		{"X-HubSpot-Signature-Version", "v4", false},
		{"X-HubSpot-Signature-v3", "AAAA", false},
	} {
		r := v1.request()
		r.Header.Set(c.name, c.value)
		if got := v1.scheme.Holds(r, v1.secret); got != c.want {
			t.Errorf("%s %q: holds %v", c.name, c.value, got)
		}
		r.AnyVersion = false
		if v1.scheme.Holds(r, v1.secret) || c.want && v1.scheme.Fault(r) != signature.Weak {
			t.Errorf("%s %q: it holds where only v3 may, or is not said to be weak", c.name, c.value)
		}
	}
	v3 := recordedVectors(t)[4]
	for _, stamp := range []string{"", "now", "1795426201001", "1795426201000.0", "-1795426201000"} {
		r := v3.request()
		r.Header.Set("X-HubSpot-Request-Timestamp", stamp)
		if v3.scheme.Holds(r, v3.secret) {
			t.Errorf("timestamp %q holds", stamp)
		}
	}
}

// TestHubSpotURL: before it signs, HubSpot decodes characters that may stand in a URL undecoded.
func TestHubSpotURL(t *testing.T) {
	encoded := &signature.Request{Method: "POST", URL: "https://www.example.com/hook?at=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B&sp=%20", Header: http.Header{}, Now: time.Unix(1795426200, 0)}
	plain := &signature.Request{Method: "POST", URL: "https://www.example.com/hook?at=:/?@!$'()*,;&sp=%20", Header: http.Header{}, Now: encoded.Now}
	(signature.HubSpot{}).Sign(plain, "secret")
	encoded.Header = plain.Header
	if !(signature.HubSpot{}).Holds(encoded, "secret") {
		t.Error("the same URL, encoded, does not hold")
	}
}

// TestShopifyHeader: either of the two header names counts; if both are there, only the first.
func TestShopifyHeader(t *testing.T) {
	r := &signature.Request{Header: http.Header{}, Body: []byte("{}")}
	(signature.Shopify{}).Sign(r, "secret")
	good := r.Header.Get("X-Shopify-Hmac-Sha256")
	r.Header = http.Header{"Shopify-Hmac-Sha256": {good}}
	if !(signature.Shopify{}).Holds(r, "secret") {
		t.Error("the newer name does not hold")
	}
	r.Header.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if (signature.Shopify{}).Holds(r, "secret") {
		t.Error("a wrong signature beside a right one holds")
	}
}

// TestSignHolds: a signature made by Sign holds with that secret and no other.
func TestSignHolds(t *testing.T) {
	schemes := []signature.Scheme{signature.Meta{}, signature.Shopify{}, signature.WooCommerce{}, signature.Stripe{}, signature.Square{}, signature.HubSpot{}}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(schemes).Draw(t, "scheme")
		secret, other := rapid.StringN(1, 40, -1).Draw(t, "secret"), rapid.String().Draw(t, "other")
		r := &signature.Request{
			Method: rapid.SampledFrom([]string{"POST", "GET"}).Draw(t, "method"), URL: "https://ingest.example.com/" + rapid.String().Draw(t, "path"),
			Header: http.Header{}, Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"), Now: time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "now")),
		}
		s.Sign(r, secret)
		if !s.Holds(r, secret) {
			t.Fatalf("%T: what it signed does not hold", s)
		}
		_, woo := s.(signature.WooCommerce) // two spellings of one secret
		if other != secret && !woo && s.Holds(r, other) {
			t.Fatalf("%T: it holds with another secret", s)
		}
	})
}

// FuzzHolds: no header makes Holds panic or return true for a secret that nobody signed with; hex and base64 are not
// mixed up.
func FuzzHolds(f *testing.F) {
	for _, v := range vectors {
		for i := 1; i < len(v.header); i += 2 {
			f.Add(v.header[i], "1795426200000", "v1")
		}
	}
	f.Add("t=1795426200,v1=,v1=00,t=", "", "v2")
	f.Add("sha256=", "-1", "v3")
	f.Add(hex.EncodeToString(make([]byte, 32)), "9223372036854775807", "")
	names := []string{
		"X-Hub-Signature-256", "X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256", "X-WC-Webhook-Signature", "Stripe-Signature",
		"X-Square-Hmacsha256-Signature", "X-HubSpot-Signature", "X-HubSpot-Signature-v3",
	}
	schemes := []signature.Scheme{signature.Meta{}, signature.Shopify{}, signature.WooCommerce{}, signature.Stripe{}, signature.Square{}, signature.HubSpot{}}
	f.Fuzz(func(t *testing.T, presented, stamp, version string) {
		h := http.Header{}
		h.Set("X-HubSpot-Request-Timestamp", stamp)
		h.Set("X-HubSpot-Signature-Version", version)
		for _, name := range names {
			h.Set(name, presented)
		}
		r := &signature.Request{Method: "POST", URL: "https://ingest.example.com/hook", Header: h, Body: []byte("{}"), Now: time.Unix(1795426200, 0)}
		for _, s := range schemes {
			if s.Holds(r, "a secret that nobody signed with") {
				t.Errorf("%T holds %q", s, presented)
			}
		}
	})
}

// TestFault: an operator is told that there is no signature, or that it is too old; the secret is not asked for.
func TestFault(t *testing.T) {
	for _, v := range all(t) {
		t.Run(v.name, func(t *testing.T) {
			r := v.request()
			if f := v.scheme.Fault(r); f != signature.None {
				t.Errorf("the vendor's own: fault %d", f)
			}
			r.Now = r.Now.Add(24 * time.Hour)
			if old, timed := v.scheme.Fault(r) == signature.TooOld, !v.scheme.Holds(r, v.secret); old != timed {
				t.Errorf("a day later: old %t, refused %t", old, timed)
			}
			r.Header = http.Header{}
			if f := v.scheme.Fault(r); f != signature.Missing {
				t.Errorf("without header: fault %d", f)
			}
		})
	}
}
