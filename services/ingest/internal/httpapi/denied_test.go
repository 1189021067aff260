package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/signature"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// signedBy returns the header of a signature over body, made at a moment.
func signedBy(scheme signature.Scheme, name, secret, body string, at time.Time) string {
	r := &signature.Request{Header: http.Header{}, Body: []byte(body), Now: at}
	scheme.Sign(r, secret)
	return name + ": " + r.Header.Get(name)
}

// TestDenied: each cause has a line of its own in the log and a count; neither has what the request presented.
func TestDenied(t *testing.T) {
	const presented = "not-their-secret"
	sources := []*source.Source{
		newSource("shop", "platform", "shopify", secret("S"), key("shop.example.com")),
		newSource("pay", "platform", "stripe", secret("P")),
		newSource("chat", "whatsapp", "whatsapp", secret("W"), func(s *source.Source) { s.Verify = auth.NewRing(config.StaticSecret("V")) }),
		newSource("beacon", "website", "collect", origins("https://shop.example.com")),
		newSource("backend", "website", "capi", secret("B")),
	}
	f := newFixture(t, nil, sources...)
	shopify := signature.Shopify{}
	for _, c := range []struct {
		format, source string
		cause          auth.Cause
		method, target string
		headers        []string
	}{
		{"shopify", "shop", auth.NoSignature, "POST", "/v1/platform/shopify", []string{"X-Shopify-Shop-Domain: shop.example.com"}},
		{"shopify", "shop", auth.BadSignature, "POST", "/v1/platform/shopify", []string{
			"X-Shopify-Shop-Domain: shop.example.com", signedBy(shopify, "X-Shopify-Hmac-Sha256", presented, "{}", arrival),
		}},
		{"shopify", "", auth.NoKey, "POST", "/v1/platform/shopify", []string{
			"X-Shopify-Shop-Domain: other.example.com", signedBy(shopify, "X-Shopify-Hmac-Sha256", "S", "{}", arrival),
		}},
		{"stripe", "pay", auth.OldSignature, "POST", "/v1/platform/stripe", []string{
			signedBy(signature.Stripe{}, "Stripe-Signature", "P", "{}", arrival.Add(-time.Hour)),
		}},
		{"stripe", "pay", auth.NoSignature, "POST", "/v1/platform/stripe", nil},
		{"whatsapp", "", auth.BadVerifyToken, "GET", "/v1/whatsapp/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + presented, nil},
		{"collect", "beacon", auth.BadOrigin, "POST", "/v1/website/collect", []string{"Origin: https://evil.example.org"}},
		{"capi", "backend", auth.NoSecret, "POST", "/v25.0/" + shop + "/events", nil},
		{"capi", "backend", auth.BadSecret, "POST", "/v25.0/" + shop + "/events", []string{"Authorization: Bearer " + presented}},
		{"capi", "", auth.NoSource, "POST", "/v1/website/events?source=nobody", nil},
		{unknown, "", auth.NoSource, "POST", "/v1/sources/nobody", nil},
	} {
		f.log.Reset()
		before := testutil.ToFloat64(f.denied.total.WithLabelValues(c.format, string(c.cause)))
		body := "{}"
		if c.format == "capi" { // whose token may stand in the body: that is read first
			body = oneBody
		}
		f.do(c.method, c.target, body, c.headers...)
		line := f.log.String()
		if strings.Count(line, "\n") != 1 || !strings.Contains(line, `"reason":"`+string(c.cause)+`","format":"`+c.format+`"`) {
			t.Errorf("%s of %s: logged %s", c.cause, c.format, line)
		}
		if named := strings.Contains(line, `"source":"`+c.source+`"`); c.source != "" && !named || c.source == "" && strings.Contains(line, `"source"`) {
			t.Errorf("%s of %s: logged %s, want source %q", c.cause, c.format, line, c.source)
		}
		if strings.Contains(line, presented) || strings.Contains(line, "other.example.com") {
			t.Errorf("what was presented is in the log: %s", line)
		}
		if n := testutil.ToFloat64(f.denied.total.WithLabelValues(c.format, string(c.cause))) - before; n != 1 {
			t.Errorf("%s of %s: counted %v times", c.cause, c.format, n)
		}
	}
}

// TestDeniedIsSaidOnceAMinute: a flood is one line a minute, which says how many there were.
func TestDeniedIsSaidOnceAMinute(t *testing.T) {
	now := arrival
	f := newFixture(t, func(o *Options) { o.Now = func() time.Time { return now } })
	for range 100 {
		f.post("/v25.0/"+shop+"/events", oneBody)
	}
	if n := strings.Count(f.log.String(), "\n"); n != 1 {
		t.Errorf("%d lines", n)
	}
	f.log.Reset()
	now = now.Add(time.Minute)
	f.post("/v25.0/"+shop+"/events", oneBody)
	if !strings.Contains(f.log.String(), `"more_since_last":99`) {
		t.Errorf("logged %s", f.log)
	}
}

// TestEveryCauseIsExplained: no cause is logged without words.
func TestEveryCauseIsExplained(t *testing.T) {
	for _, c := range auth.Causes {
		if explained[c] == "" {
			t.Errorf("%s has no words", c)
		}
	}
}
