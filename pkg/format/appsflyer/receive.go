package appsflyer

import (
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes AppsFlyer's posts apart.
type Receiver struct{}

// Claim reads the values of Authorization and X-* headers.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.Claim{Name: r.URL.Query().Get("source")}
	if values := anyHeader(r.Header); len(values) > 0 {
		c.Proof = values
	}
	return c
}

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
func (v headerValues) Holds(secret string, _ receive.Terms) bool {
	secret = strings.TrimPrefix(secret, "Bearer ")
	found := false
	for _, value := range v {
		found = receive.SameSecret(strings.TrimPrefix(strings.TrimSpace(value), "Bearer "), secret) || found
	}
	return found && secret != ""
}

// Split reads one event.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return appevent.SplitFlat(in, b)
}

// Identify makes the id of the install, the event's name, its time and the order.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var parts [4][]byte
	var user, device []byte
	if !jsonscan.Object(item, func(key, value []byte) bool {
		switch string(key) {
		case "appsflyer_id":
			parts[0] = in.ID(value)
		case "event_name":
			parts[1] = in.FirstText(value)
		case "event_time":
			parts[2] = in.FirstText(value)
		case "event_value":
			parts[3] = orderOf(in, value)
		case "customer_user_id":
			user = in.ID(value)
		case "idfa", "advertising_id":
			device = in.ID(value)
		}
		return true
	}) {
		return fault.Undecodable
	}
	id.Person = receive.FirstOf(user, parts[0], device)
	id.HasTime = len(parts[2]) > 0
	if len(parts[0]) > 0 && len(parts[1]) > 0 && len(parts[2]) > 0 {
		id.EventID = in.Digest("appsflyer-", parts[:])
	}
	return fault.None
}

// orderOf is the order of event_value: JSON within a text, or as it is.
func orderOf(in *receive.Input, value []byte) []byte {
	if jsonscan.Kind(value) == 's' {
		value = jsonscan.TrimMark(jsonscan.Text(value, &in.Scratch))
		if jsonscan.Check(value, jsonscan.Limits{}) != nil {
			return nil
		}
	}
	return receive.FirstOf(in.ID(jsonscan.Get(value, "af_order_id")), in.ID(jsonscan.Get(value, "af_receipt_id")))
}
