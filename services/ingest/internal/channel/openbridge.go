package channel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// OpenBridge is the copy of every browser event that the real Meta Pixel posts to a host of the shop's:
// fbq('set','openbridge',PIXEL,'https://…/v1/website/openbridge') makes it append /events.
type OpenBridge struct{}

// Name is meta.openbridge.
func (OpenBridge) Name() string { return "meta.openbridge" }

// Routes is one.
func (OpenBridge) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/website/openbridge/events", Answer: Silent{}}}
}

// Answer is an empty 200: the Pixel reads nothing.
func (OpenBridge) Answer() Answer { return Silent{} }

// Claim reads the Origin; the pixel is in the body.
func (OpenBridge) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: always, by fb.pixel_id.
func (OpenBridge) BodyClaims(Claim) bool { return true }

// Split reads one event, or an array of them; all of one pixel.
func (f OpenBridge) Split(in *Input, b *Batch) *Refusal {
	return oneOrMany(in.Body, "the body must be an event or an array of events", func(value []byte) *Refusal { return f.add(in, b, value) })
}

func (OpenBridge) add(in *Input, b *Batch, event []byte) *Refusal {
	if jsonscan.Kind(event) != 'o' {
		return &Refusal{Kind: Unreadable, Detail: "an event is not an object"}
	}
	pixel := string(bytes.TrimSpace(b.text(jsonscan.Get(event, "fb.pixel_id"))))
	if len(b.Items) > 0 && pixel != b.Claim.Key {
		return &Refusal{Kind: Unreadable, Field: "fb.pixel_id", Detail: "the events are of several pixels"}
	}
	b.Claim.Key, b.Claim.Dataset = pixel, true
	return b.add(in, 0, event)
}

// Identify reads the Pixel's event: its id is the one that the browser's own event carries. It has no time.
func (OpenBridge) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var name, custom, browser []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "event_id":
			if own := jsonscan.Text(value, &in.text); usableID(own) {
				id.EventID = own
			}
		case "event_name":
			name = value
		case "custom_data":
			custom = value
		case "fb.advanced_matching":
			id.Person = in.person(value)
		case "fb.fbp":
			browser = in.first(value)
		}
		return true
	})
	if id.Person == nil && len(browser) > 0 {
		id.Person = browser
	}
	if id.Person == nil {
		id.Person = cookie(in.Request)
	}
	label := jsonscan.Text(name, &in.text)
	if id.EventID == nil {
		id.Natural = in.natural(label, jsonscan.Get(custom, "order_id"))
	}
	if id.EventID == nil && id.Natural == nil {
		id.Natural = in.visit(item, true)
	}
	return in.hopeless(id, name, label, nil)
}
