package httpapi

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/signature"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// from is the header by which the tests' proxy names a client.
func from(addr string) string { return "X-Forwarded-For: " + addr }

// guess posts with a secret.
func (f *fixture) guess(addr, target, secret string) *httptest.ResponseRecorder {
	return f.post(target, oneBody, from(addr), "Authorization: Bearer "+secret)
}

// guessed counts the requests denied as guesses.
func (f *fixture) guessed(format string) int {
	return int(testutil.ToFloat64(f.denied.total.WithLabelValues(format, string(auth.TooManyGuesses))))
}

// TestGuesses: a network has so many wrong secrets; then what it presents is not looked at, a right one neither, until the time that
// the answer names. Others are not refused, whoever they claim to be.
func TestGuesses(t *testing.T) {
	now := arrival
	f := newFixture(t, func(o *Options) { o.Now = func() time.Time { return now } })
	const guesser, other = "203.0.113.9", "203.0.113.10"
	for i := range 60 {
		if w := f.guess(guesser, graphPath, fmt.Sprint("guess", i)); w.Code != http.StatusBadRequest {
			t.Fatalf("guess %d: %d %s", i, w.Code, w.Body)
		}
	}
	w := f.guess(guesser, graphPath, "EAAtestToken")
	if w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), `"code":613`) || f.kafka.calls > 0 {
		t.Fatalf("a right guess behind 60 wrong ones: %d %s", w.Code, w.Body)
	}
	wait, err := strconv.Atoi(w.Header().Get("Retry-After"))
	if err != nil || wait < 1 {
		t.Fatalf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	if n := f.guessed("capi"); n != 1 {
		t.Errorf("%d counted", n)
	}
	if w := f.guess(other, graphPath, "EAAtestToken"); w.Code != http.StatusOK {
		t.Errorf("another network: %d %s", w.Code, w.Body)
	}
	if w := f.post(graphPath, oneBody, from(guesser)); w.Code != http.StatusBadRequest {
		t.Errorf("without a secret: %d %s", w.Code, w.Body)
	}
	now = now.Add(time.Duration(wait) * time.Second)
	if w := f.guess(guesser, graphPath, "EAAtestToken"); w.Code != http.StatusOK {
		t.Errorf("after Retry-After: %d %s", w.Code, w.Body)
	}
}

// TestCertificateProvesItsNetwork: a certificate alone proves the network that it comes from, for which connections are kept.
func TestCertificateProvesItsNetwork(t *testing.T) {
	const ours, theirs = "203.0.113.9", "203.0.113.10"
	f := newFixture(t, func(o *Options) {
		o.Certificate = func(s *tls.ConnectionState, _ time.Time) []string { return []string{s.ServerName} }
	}, newSource("backend", "website", "capi", secret("EAAtestToken"), func(s *source.Source) { s.Names = []string{"web.shop.example.com"} }))
	for addr, name := range map[string]string{ours: "web.shop.example.com", theirs: "web.example.org"} {
		r := httptest.NewRequest(http.MethodPost, graphPath, strings.NewReader(oneBody))
		r.TLS = &tls.ConnectionState{ServerName: name}
		r.Header.Set("X-Forwarded-For", addr)
		w := newRecorder()
		f.ServeHTTP(w, r)
		if proven := f.isProven(network.Of(netip.MustParseAddr(addr))); proven != (addr == ours) || (w.Code == http.StatusOK) != proven {
			t.Errorf("%s: %d, proven %v", name, w.Code, proven)
		}
	}
}

// TestProvenNeighbour: a sender that has proven itself goes on while its network guesses, by secrets and by signatures, as itself
// and as others; what it has proven opens no other door.
func TestProvenNeighbour(t *testing.T) {
	f := newFixture(t, nil,
		newSource("backend", "website", "capi", secret("EAAtestToken")),
		newSource("shop", "platform", "shopify", secret("S"), key("shop.example.com")),
		newSource("pay", "platform", "stripe", secret("P")),
		newSource("other", "platform", "stripe", secret("Q"), key("o")))
	const addr = "2001:db8:1:2::9"
	signed := func(secret string, n int) *httptest.ResponseRecorder {
		body := fmt.Sprintf(`{"id":"evt_%d","type":"charge.succeeded","data":{"object":{"id":"ch_1"}}}`, n)
		return f.post("/v1/platform/stripe", body, from(addr), signedBy(signature.Stripe{}, "Stripe-Signature", secret, body, arrival))
	}
	if w := f.guess(addr, graphPath, "EAAtestToken"); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := signed("P", -1); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for i := range 500 {
		f.guess(addr, graphPath, fmt.Sprint("guess", i))
		f.guess("2001:db8:1:2::a", "/v25.0/777/events", fmt.Sprint("guess", i))
		signed(fmt.Sprint("guess", i), i)
	}
	if f.guessed("capi") == 0 {
		t.Fatal("nothing is limited")
	}
	before := f.guessed("stripe")
	if w := f.guess(addr, graphPath, "EAAtestToken"); w.Code != http.StatusOK {
		t.Errorf("a proven secret: %d %s", w.Code, w.Body)
	}
	if w := signed("P", 1000); w.Code != http.StatusOK || f.guessed("stripe") != before {
		t.Errorf("a proven source's signature: %d %s", w.Code, w.Body)
	}
	body := `{"id":1}`
	w := f.post("/v1/platform/shopify", body, from(addr), "X-Shopify-Shop-Domain: shop.example.com", "X-Shopify-Topic: orders/paid",
		signedBy(signature.Shopify{}, "X-Shopify-Hmac-Sha256", "S", body, arrival))
	if w.Code != http.StatusTooManyRequests {
		t.Errorf("what this network never proved: %d %s", w.Code, w.Body)
	}
}

// TestSameWrongSecret: a sender with an old secret is refused as ever, however often it comes, and takes nothing from a right one.
func TestSameWrongSecret(t *testing.T) {
	f := newFixture(t, nil)
	const addr = "203.0.113.9"
	for i := range 1000 {
		if w := f.guess(addr, graphPath, "last year's"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"code":190`) {
			t.Fatalf("repeat %d: %d %s", i, w.Code, w.Body)
		}
	}
	if w := f.guess(addr, graphPath, "EAAtestToken"); w.Code != http.StatusOK {
		t.Errorf("a right secret beside it: %d %s", w.Code, w.Body)
	}
	for i := range 100 { // and beyond the limit
		f.guess(addr, graphPath, fmt.Sprint("guess", i))
	}
	if w := f.guess(addr, graphPath, "last year's"); w.Code != http.StatusBadRequest {
		t.Errorf("a repeat beyond the limit: %d %s", w.Code, w.Body)
	}
}

// TestGuessesTellNoKeys: beyond the limit, too, an unknown key is answered as a known one.
func TestGuessesTellNoKeys(t *testing.T) {
	answers := func(path string) string {
		var all []int
		f := newFixture(t, nil)
		for i := range 300 { // made-up keys use up what all names have together
			f.guess("203.0.113.9", fmt.Sprintf("/v25.0/%d/events", 1000+i), "guess")
		}
		for i := range 5 {
			all = append(all, f.guess("203.0.113.9", path, fmt.Sprint("guess", i)).Code, f.guess("203.0.113.10", path, fmt.Sprint("guess", i)).Code)
		}
		return fmt.Sprint(all)
	}
	known, unknown := answers("/v25.0/9999/events"), answers("/v25.0/777/events")
	if known != unknown || !strings.Contains(known, "429") {
		t.Errorf("a known key: %s\nan unknown: %s", known, unknown)
	}
}

// TestVerifyTokensAreGuessed: so are the tokens by which an endpoint is verified, and secrets at a validator.
func TestVerifyTokensAreGuessed(t *testing.T) {
	f := newFixture(t, nil,
		newSource("chat", "whatsapp", "whatsapp", secret("W"), func(s *source.Source) { s.Verify = auth.NewRing(config.StaticSecret("V")) }),
		newSource("tags", "tagmanager", "ga4.mp", secret("S"), key("G-1")))
	const addr = "203.0.113.9"
	verify := func(token string) int {
		return f.do(http.MethodGet, "/v1/whatsapp/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token="+token, "", from(addr)).Code
	}
	for i := range 60 {
		if code := verify(fmt.Sprint("guess", i)); code != http.StatusForbidden {
			t.Fatalf("guess %d: %d", i, code)
		}
	}
	if code := verify("V"); code != http.StatusTooManyRequests || f.guessed("whatsapp") != 1 {
		t.Errorf("a right token behind 60 wrong ones: %d, counted %d", code, f.guessed("whatsapp"))
	}
	validate := func(secret string) *httptest.ResponseRecorder {
		return f.post("/debug/mp/collect?measurement_id=G-1&api_secret="+secret, `{"client_id":"1","events":[{"name":"a"}]}`, from(addr))
	}
	for i := range 60 {
		if w := validate(fmt.Sprint("guess", i)); w.Code != http.StatusOK {
			t.Fatalf("guess %d: %d %s", i, w.Code, w.Body)
		}
	}
	if w := validate("S"); w.Code != http.StatusTooManyRequests || f.guessed("ga4.mp") != 1 {
		t.Errorf("a right secret at the validator: %d %s", w.Code, w.Body)
	}
}

// TestTurnsOffIsLookedAt: a sender that stops for good after a few refusals is not refused for its neighbours.
func TestTurnsOffIsLookedAt(t *testing.T) {
	f := newFixture(t, nil, newSource("woo", "platform", "woocommerce", secret("S")))
	order := func(n int, secret string) int {
		body := fmt.Sprintf(`{"id":%d,"status":"processing","currency":"USD","total":"1.00"}`, n)
		return f.post("/v1/platform/woocommerce", body, from("203.0.113.9"), "X-WC-Webhook-Source: https://a.example/",
			"X-WC-Webhook-Topic: order.created", signedBy(signature.WooCommerce{}, "X-WC-Webhook-Signature", secret, body, arrival)).Code
	}
	for n := range 300 {
		if code := order(n, "another"); code != http.StatusUnauthorized {
			t.Fatalf("%d", code)
		}
	}
	if code := order(1000, "S"); code != http.StatusOK {
		t.Errorf("%d", code)
	}
}

// TestWhoGuessesNothing: no secret, another page, an old signature, an exempt network, a limit of 0.
func TestWhoGuessesNothing(t *testing.T) {
	f := newFixture(t, nil, append(standard(), newSource("pay", "platform", "stripe", secret("P")))...)
	for range 300 {
		f.post(graphPath, oneBody, from("203.0.113.9"))
		f.post("/v1/website/collect", `{"events":[`+oneEvent+`]}`, from("203.0.113.9"), "Origin: https://evil.example")
		f.post("/v1/platform/stripe", "{}", from("203.0.113.9"), signedBy(signature.Stripe{}, "Stripe-Signature", "P", "{}", arrival.Add(-time.Hour)))
	}
	if w := f.guess("203.0.113.9", graphPath, "EAAtestToken"); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for i := range 300 {
		f.guess("127.0.0.1", graphPath, fmt.Sprint("guess", i))
		f.guess("192.168.1.7", graphPath, fmt.Sprint("guess", i))
		f.guess("192.0.2.7", graphPath, fmt.Sprint("guess", i)) // a proxy
	}
	off := newFixture(t, func(o *Options) { o.Config.GuessesPerNetwork = 0 })
	for i := range 300 {
		off.guess("203.0.113.9", graphPath, fmt.Sprint("guess", i))
	}
	if n := f.guessed("capi") + f.guessed("stripe") + f.guessed("collect") + off.guessed("capi"); n != 0 {
		t.Errorf("%d are limited", n)
	}
}

// TestGuessesAreSaid: one line a minute, with format and source, and neither secret nor address.
func TestGuessesAreSaid(t *testing.T) {
	f := newFixture(t, nil)
	for i := range 200 {
		f.guess("203.0.113.9", graphPath, fmt.Sprint("canary", i))
	}
	log := f.log.String()
	if strings.Count(log, "too_many_guesses") != 1 || !strings.Contains(log, `"format":"capi"`) || !strings.Contains(log, `"source":"backend"`) {
		t.Errorf("logged %s", log)
	}
	if strings.Contains(log, "canary") || strings.Contains(log, "203.0.113") {
		t.Errorf("an address or a secret is in the log: %s", log)
	}
}

// TestEveryFormatIsGuarded: the secrets of each format are guessed for so long only, and who has proven itself by them goes on. Formats whose senders stop
// for good, and pages that need no secret, are left out.
func TestEveryFormatIsGuarded(t *testing.T) {
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	secrets, sources := recordedSecrets(t), recordedSources(t)
	f := newFixture(t, func(o *Options) { o.Config.GuessesPerNetwork = 5 }, sources...)
	n, guarded := 0, map[string]bool{}
	for _, c := range cases {
		send := func(net int, wrong string) effect {
			r, err := c.Request()
			if err != nil {
				t.Fatal(err)
			}
			if wrong != "" {
				disprove(r, secrets, wrong)
			}
			if c.Format == "mparticle" && wrong != "" { // the key and a wrong secret
				whole, err := c.Request()
				if err != nil {
					t.Fatal(err)
				}
				basic := &http.Request{Header: whole.Header}
				key, _, _ := basic.BasicAuth()
				basic.SetBasicAuth(key, wrong)
				r.Header.Set("Authorization", basic.Header.Get("Authorization"))
			}
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.%d.1", net))
			return f.send(t, r)
		}
		r, err := c.Request()
		if err != nil {
			t.Fatal(err)
		}
		if all.Named(c.Format).TurnsOff || guarded[c.Format] || originIsEnough(sources, r) {
			continue
		}
		n += 2
		if send(n, "").stored == 0 { // it proves itself
			continue
		}
		guarded[c.Format] = true
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) {
			denied := mannersOf(t, c.Format).Denied
			if got := send(n+1, "first"); !slices.Contains(denied, got.status) || got.stored > 0 {
				t.Fatalf("a first guess: %d %s", got.status, got.body)
			}
			for i := range 5 * network.Wider { // where the secret is the key, each is another key
				send(n, fmt.Sprint("guess", i))
				send(n+1, fmt.Sprint("guess", i))
			}
			if got := send(n+1, "last"); got.status != http.StatusTooManyRequests {
				t.Errorf("a last guess: %d %s", got.status, got.body)
			}
			if got := send(n+1, ""); got.status != http.StatusTooManyRequests || got.stored > 0 {
				t.Errorf("a right one behind them: %d %s", got.status, got.body)
			}
			if got := send(n, ""); got.status == http.StatusTooManyRequests || slices.Contains(denied, got.status) && got.stored == 0 {
				t.Errorf("who has proven itself: %d %s", got.status, got.body)
			}
		})
	}
	if len(guarded) < 18 {
		t.Errorf("%d formats are guarded: %v", len(guarded), guarded)
	}
}
