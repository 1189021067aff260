package metaopenbridge

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes the Pixel's copies apart.
type Receiver struct{}

// BodyClaims says where the claim is: always, by fb.pixel_id.
func (Receiver) BodyClaims(receive.Claim) bool { return true }

// Split reads one event, or an array of them; all of one pixel.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return receive.OneOrMany(in.Body, "the body must be an event or an array of events", func(value []byte) *receive.Refusal { return add(b, value) })
}

func add(b *receive.Batch, event []byte) *receive.Refusal {
	if jsonscan.Kind(event) != 'o' {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "an event is not an object"}
	}
	pixel := string(bytes.TrimSpace(b.Text(jsonscan.Get(event, "fb.pixel_id"))))
	if len(b.Items) > 0 && pixel != b.Claim.Key {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "fb.pixel_id", Detail: "the events are of several pixels"}
	}
	b.Claim.Key, b.Claim.Dataset = pixel, true
	return b.Add(event)
}

// Identify reads the Pixel's event: its id is the one that the browser's own event carries. It has no time.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var name, custom, browser []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "event_id":
			id.EventID = in.EventID(value)
		case "event_name":
			name = value
		case "custom_data":
			custom = value
		case "fb.advanced_matching":
			id.Person = in.Person(value)
		case "fb.fbp":
			browser = in.ID(value)
		}
		return true
	})
	if id.Person = receive.FirstOf(id.Person, browser); id.Person == nil {
		id.Person = receive.BrowserID(in.Request)
	}
	label := jsonscan.Text(name, &in.Scratch)
	if id.EventID == nil {
		id.Natural = in.OrderKey(label, jsonscan.Get(custom, "order_id"))
	}
	if id.EventID == nil && id.Natural == nil {
		id.Natural = in.VisitorKey(item, true)
	}
	return in.Hopeless(id, name, label, nil)
}
