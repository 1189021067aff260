package channel

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// AppsFlyer is AppsFlyer's Push API, version 2: one flat event a request, as JSON or as a query with the same names. Its
// secret is the value of a header whose name the advertiser chooses.
type AppsFlyer struct{}

// Name is appsflyer.
func (AppsFlyer) Name() string { return "appsflyer" }

// Routes is one.
func (f AppsFlyer) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost, http.MethodGet}, Pattern: "/v1/app/appsflyer", Answer: f.Answer()}}
}

// Answer is an empty 200, 403 for a wrong secret.
func (AppsFlyer) Answer() Answer { return Hook{Denied: http.StatusForbidden} }

// Claim reads the values of Authorization and X-* headers.
func (AppsFlyer) Claim(r *http.Request) Claim {
	c := Claim{Name: r.URL.Query().Get("source")}
	if values := anyHeader(r.Header); len(values) > 0 {
		c.Proof = values
	}
	return c
}

// BodyClaims implements Format: never.
func (AppsFlyer) BodyClaims(Claim) bool { return false }

// headerValues are what headers say, one of which may be a secret.
type headerValues []string

// maxHeaders bounds how many are compared.
const maxHeaders = 64

// anyHeader are the values of the headers that AppsFlyer lets an advertiser choose: Authorization and X-*.
func anyHeader(h http.Header) headerValues {
	var all headerValues
	for name, values := range h {
		if name == "Authorization" || strings.HasPrefix(name, "X-") {
			all = append(all, values...)
		}
	}
	return all[:min(len(all), maxHeaders)]
}

// Holds says whether one of the values is the secret. A leading "Bearer " does not count.
func (v headerValues) Holds(secret, _ string) bool {
	secret = strings.TrimPrefix(secret, "Bearer ")
	found := false
	for _, value := range v {
		found = sameSecret(strings.TrimPrefix(strings.TrimSpace(value), "Bearer "), secret) || found
	}
	return found && secret != ""
}

// Split reads one event.
func (AppsFlyer) Split(in *Input, b *Batch) *Refusal { return flatEvents(in, b) }

// flatEvents reads an app's events: a JSON object or an array of them, else a form's fields and the query's as one.
func flatEvents(in *Input, b *Batch) *Refusal {
	switch sniff(in.Body) {
	case '{', '[':
	default:
		in.pairs = b.addPairs(in.pairs[:0], []byte(in.Request.URL.RawQuery))
		in.pairs = slices.DeleteFunc(in.pairs, func(p pair) bool { return string(p.name) == "source" })
		if r := in.form(b); r != nil {
			return r
		}
		item, r := b.object(firsts(in.pairs))
		if r != nil {
			return r
		}
		if len(item) == len("{}") {
			return emptyBody()
		}
		return b.add(in, 0, item)
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	var refused *Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		refused = b.add(in, 0, value)
		return refused == nil
	}) {
		return b.add(in, 0, body)
	}
	return refused
}

// Identify makes the id of the install, the event's name, its time and the order.
func (AppsFlyer) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var parts [4][]byte
	var user, device []byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(key) {
		case "appsflyer_id":
			parts[0] = in.first(value)
		case "event_name":
			parts[1] = in.first(value)
		case "event_time":
			parts[2] = in.first(value)
		case "event_value":
			parts[3] = in.appsFlyerOrder(value)
		case "customer_user_id":
			user = in.first(value)
		case "idfa", "advertising_id":
			device = in.first(value)
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.Person = firstText(user, parts[0], device)
	id.HasTime = len(parts[2]) > 0
	if len(parts[0]) > 0 && len(parts[1]) > 0 && len(parts[2]) > 0 {
		id.EventID = in.digestOf("appsflyer-", parts[:])
	}
	return fault.None
}

// appsFlyerOrder is the order of event_value: JSON within a text, or as it is.
func (in *Input) appsFlyerOrder(value []byte) []byte {
	if jsonscan.Kind(value) == 's' {
		value = jsonscan.Text(value, &in.text)
		if jsonscan.Check(value, jsonscan.Limits{}) != nil {
			return nil
		}
	}
	order := in.first(jsonscan.Get(value, "af_order_id"))
	if len(order) == 0 {
		order = in.first(jsonscan.Get(value, "af_receipt_id"))
	}
	return order
}

// firstText is the first text that is not empty, nil if there is none.
func firstText(texts ...[]byte) []byte {
	for _, t := range texts {
		if len(t) > 0 {
			return t
		}
	}
	return nil
}

// digestOf is a prefix and 32 hex digits of SHA-256 over parts with bars between them.
func (n *naming) digestOf(prefix string, parts [][]byte) []byte {
	n.hash = n.hash[:0]
	for i, p := range parts {
		if i > 0 {
			n.hash = append(n.hash, '|')
		}
		n.hash = append(n.hash, p...)
	}
	sum := sha256.Sum256(n.hash)
	start := len(n.text)
	n.text = hex.AppendEncode(append(n.text, prefix...), sum[:hexSize/2])
	return n.text[start:len(n.text):len(n.text)]
}
