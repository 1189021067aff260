package signature

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Meta signs the body with the app secret: X-Hub-Signature-256: sha256=<hex>.
type Meta struct{}

const metaHeader = "X-Hub-Signature-256"

// Holds implements Scheme.
func (Meta) Holds(r *Request, secret string) bool {
	presented, ok := strings.CutPrefix(r.Header.Get(metaHeader), "sha256=")
	return ok && secret != "" && equalHex(presented, mac(secret, r.Body))
}

// Fault implements Scheme.
func (Meta) Fault(r *Request) Fault { return missing(r, metaHeader) }

// Sign implements Scheme.
func (Meta) Sign(r *Request, secret string) {
	r.Header.Set(metaHeader, "sha256="+hex.EncodeToString(mac(secret, r.Body)))
}

// Shopify signs the body with the app's client secret: X-Shopify-Hmac-Sha256, or Shopify-Hmac-Sha256 for its newer
// events, base64.
type Shopify struct{}

var shopifyHeaders = []string{"X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256"}

// Holds implements Scheme: if both headers are there, only the first counts.
func (Shopify) Holds(r *Request, secret string) bool {
	for _, h := range shopifyHeaders {
		if presented := r.Header.Get(h); presented != "" {
			return secret != "" && equalBase64(presented, mac(secret, r.Body))
		}
	}
	return false
}

// Fault implements Scheme.
func (Shopify) Fault(r *Request) Fault { return missing(r, shopifyHeaders...) }

// Sign implements Scheme.
func (Shopify) Sign(r *Request, secret string) {
	r.Header.Set(shopifyHeaders[0], base64.StdEncoding.EncodeToString(mac(secret, r.Body)))
}

// WooCommerce signs the body with the webhook's secret, in which WordPress decodes its own entities first
// (wp_specialchars_decode): X-WC-Webhook-Signature, base64.
type WooCommerce struct{}

// wooEntities replaces the entities that wp_specialchars_decode knows, all in one pass: "&amp;lt;" becomes "&lt;".
var wooEntities = strings.NewReplacer(
	"&quot;", `"`, "&#034;", `"`, "&#34;", `"`, "&#x22;", `"`, "&#039;", "'", "&#39;", "'", "&#x27;", "'",
	"&lt;", "<", "&#060;", "<", "&gt;", ">", "&#062;", ">", "&amp;", "&", "&#038;", "&", "&#x26;", "&",
)

const wooHeader = "X-WC-Webhook-Signature"

// Holds implements Scheme.
func (WooCommerce) Holds(r *Request, secret string) bool {
	return secret != "" && equalBase64(r.Header.Get(wooHeader), mac(wooEntities.Replace(secret), r.Body))
}

// Fault implements Scheme.
func (WooCommerce) Fault(r *Request) Fault { return missing(r, wooHeader) }

// Sign implements Scheme.
func (WooCommerce) Sign(r *Request, secret string) {
	r.Header.Set(wooHeader, base64.StdEncoding.EncodeToString(mac(wooEntities.Replace(secret), r.Body)))
}

// Square signs the notification's URL and the body with the subscription's signature key:
// X-Square-Hmacsha256-Signature, base64.
type Square struct{}

const squareHeader = "X-Square-Hmacsha256-Signature"

// Holds implements Scheme.
func (Square) Holds(r *Request, secret string) bool {
	return secret != "" && equalBase64(r.Header.Get(squareHeader), mac(secret, []byte(r.URL), r.Body))
}

// Fault implements Scheme.
func (Square) Fault(r *Request) Fault { return missing(r, squareHeader) }

// Sign implements Scheme.
func (Square) Sign(r *Request, secret string) {
	r.Header.Set(squareHeader, base64.StdEncoding.EncodeToString(mac(secret, []byte(r.URL), r.Body)))
}
