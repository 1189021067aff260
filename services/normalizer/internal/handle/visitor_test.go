package handle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// visit is the request of a page: an address, a Cookie header, a Referer and what the request says for its events.
func visit(ip, cookie, referer, context string) func(*event.Raw) {
	return func(r *event.Raw) {
		h, _ := json.Marshal(map[string]string{"user-agent": agent, "cookie": cookie, "referer": referer}) // texts always become JSON
		r.IP, r.Headers = []byte(ip), h
		if context != "" {
			r.Context = []byte(context)
		}
	}
}

// TestVisitor: from a request's head to Meta's server event: page, click, cookies, address and the sender's own ids.
func TestVisitor(t *testing.T) {
	const (
		v4, v6  = "203.0.113.24", "2001:db8:85a3::8a2e:370:7334"
		landing = "https://shop.example.com/landing?fbclid=AbC-1_x"
		built   = "fb.1.1795426200000.AbC-1_x"
		mail    = `"em":"a@b.co"`
	)
	for _, c := range []struct {
		name, source, format, user, extra     string
		ip, cookie, referer, context          string
		sourceURL, fbc, fbp, address, browser string
		ids                                   []any
	}{
		{
			name: "the page is the referer", source: "collect", format: "collect", user: mail, ip: v4, referer: landing,
			sourceURL: landing, fbc: built, address: v4, browser: agent,
		},
		{
			name: "the event names its page", source: "collect", format: "collect", user: mail, extra: `,"event_source_url":"https://shop.example.com/cart"`,
			ip: v4, referer: landing, sourceURL: "https://shop.example.com/cart", fbc: built, address: v4, browser: agent,
		},
		{
			name: "the page that the visitor came from", source: "collect", format: "collect", user: mail, extra: `,"referrer_url":"` + landing + `"`,
			ip: v4, referer: "https://shop.example.com/", sourceURL: "https://shop.example.com/", fbc: built, address: v4, browser: agent,
		},
		{
			name: "cookies", source: "collect", format: "collect", user: mail, ip: v4, cookie: "_fbp=" + fbp + "; _fbc=" + fbc + "; _fbi=" + v6, referer: "https://shop.example.com/",
			sourceURL: "https://shop.example.com/", fbc: fbc, fbp: fbp, address: v6, browser: agent,
		},
		{
			name: "the page's click is newer than the cookie's", source: "collect", format: "collect", user: mail, ip: v4, cookie: "_fbc=" + fbc, referer: landing,
			sourceURL: landing, fbc: built, address: v4, browser: agent,
		},
		{
			name: "own ids, most durable first, each once", source: "collect", format: "collect", user: `"user_id":"U-1","membership_number":"M-1"`,
			ip: v4, cookie: "_ga=GA1.1.1098.1795", referer: "https://shop.example.com/", sourceURL: "https://shop.example.com/", address: v4, browser: agent,
			ids: []any{hashOf("m-1"), hashOf("u-1"), hashOf("1098.1795")},
		},
		{
			name: "an id said twice", source: "collect", format: "collect", user: `"external_id":"U-1","user_id":"u-1 "`, ip: v4, referer: "https://shop.example.com/",
			sourceURL: "https://shop.example.com/", address: v4, browser: agent, ids: []any{hashOf("u-1")},
		},
		{
			name: "a browser's claims about itself", source: "collect", format: "collect", user: mail + `,"client_ip_address":"198.51.100.9","client_user_agent":"mine","fbp":"fb.1.1.9"`,
			ip: v4, referer: "https://shop.example.com/", sourceURL: "https://shop.example.com/", address: v4, browser: agent,
		},
		{
			name: "a server's head is not the customer's", source: "collect", format: "collect", user: mail + `,"client_ip_address":"198.51.100.9","client_user_agent":"theirs"`,
			ip: v4, cookie: "_fbp=" + fbp + "; _fbc=" + fbc + "; _ga=GA1.1.1098.1795", referer: landing, context: `{"server":true}`,
			address: "198.51.100.9", browser: "theirs",
		},
		{
			name: "nor an SDK's", source: "capi", format: "capi", user: mail, ip: v4, cookie: "_fbp=" + fbp, referer: landing,
		},
		{
			name: "no private address", source: "collect", format: "collect", user: mail, ip: "10.0.0.1", referer: "https://shop.example.com/",
			sourceURL: "https://shop.example.com/", browser: agent,
		},
	} {
		person := "user"
		if c.format == "capi" {
			person = "user_data"
		}
		item := `{"event_name":"Lead","event_time":1795426200,"` + person + `":{` + c.user + `}` + c.extra + `}`
		body, _ := signalOf(t, raw(c.source, c.format, item, visit(c.ip, c.cookie, c.referer, c.context)), payloadNow)
		e, _ := decoded(t, body).(map[string]any)
		user, _ := e["user_data"].(map[string]any)
		text := func(v any) string { s, _ := v.(string); return s }
		got := []string{text(e["event_source_url"]), text(user["fbc"]), text(user["fbp"]), text(user["client_ip_address"]), text(user["client_user_agent"])}
		if diff := cmp.Diff([]string{c.sourceURL, c.fbc, c.fbp, c.address, c.browser}, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		ids, _ := user["external_id"].([]any)
		if one, ok := user["external_id"].(string); ok {
			ids = []any{one}
		}
		if diff := cmp.Diff(c.ids, ids); diff != "" {
			t.Errorf("%s: external_id %s", c.name, diff)
		}
		if strings.Contains(string(body), "U-1") || strings.Contains(string(body), "a@b.co") {
			t.Errorf("%s: a person's id in clear: %s", c.name, body)
		}
	}
}
