package google

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// IDs are an event's own id and that of its order, of those among its parameters that can be an event_id. Meta's pixel has
// the id that a page tells Meta's server tag (x-fb-event_id); the order's may stand in the data layer's ecommerce.
func IDs(in *receive.Input, params []byte) (own, order []byte) {
	var id EventIDs
	jsonscan.Object(params, func(key, value []byte) bool {
		id.Member(in, jsonscan.Key(key, &in.Scratch), value)
		return true
	})
	return id.Own(), id.Order()
}

// EventIDs collects what names an event among its members.
type EventIDs struct{ pixel, own, order, nestedOwn, nested, classic []byte }

// Member reads a member of an event or of its parameters.
func (i *EventIDs) Member(in *receive.Input, key, value []byte) {
	if receive.IsPixelID(key) {
		i.pixel = receive.FirstOf(in.EventID(value), i.pixel)
		return
	}
	switch string(key) {
	case "event_id":
		i.own = receive.FirstOf(in.EventID(value), i.own)
	case "transaction_id":
		i.order = receive.FirstOf(in.EventID(value), i.order)
	case "transactionId":
		i.classic = receive.FirstOf(in.EventID(value), i.classic)
	case "ecommerce":
		i.ecommerce(in, embedded(in, value))
	}
}

// Own is the event's own id, nil if it has none.
func (i *EventIDs) Own() []byte { return receive.FirstOf(i.pixel, i.own, i.nestedOwn) }

// Order is the id of the event's order, nil if it has none.
func (i *EventIDs) Order() []byte { return receive.FirstOf(i.order, i.nested, i.classic) }

func (i *EventIDs) ecommerce(in *receive.Input, obj []byte) {
	jsonscan.Object(obj, func(key, value []byte) bool {
		switch key = jsonscan.Key(key, &in.Scratch); string(key) {
		case "event_id":
			i.nestedOwn = in.EventID(value)
		case "transaction_id":
			i.nested = receive.FirstOf(in.EventID(value), i.nested)
		case "purchase": // enhanced ecommerce
			i.classic = receive.FirstOf(in.EventID(jsonscan.Get(jsonscan.Get(value, "actionField"), "id")), i.classic)
		default:
			if receive.IsPixelID(key) {
				i.pixel = receive.FirstOf(i.pixel, in.EventID(value))
			}
		}
		return true
	})
}

// embedded is the object that a text holds as JSON, else the value itself.
func embedded(in *receive.Input, value []byte) []byte {
	if jsonscan.Kind(value) != 's' {
		return value
	}
	text := jsonscan.Trim(jsonscan.Text(value, &in.Scratch))
	if len(text) == 0 || text[0] != '{' || jsonscan.Check(text, jsonscan.Limits{}) != nil {
		return value
	}
	return text
}

// HitKey is what stays the same when a server repeats an event that has no id of its own: the person, the event's time, its
// place in the request and its bytes; the minute of arrival, too, where it has no time.
func HitKey(in *receive.Input, person, item []byte, index int, when []byte, minute bool) []byte {
	start := len(in.Scratch)
	d := append(append(in.Scratch, person...), 0)
	d = append(append(d, when...), 0)
	d = strconv.AppendInt(d, int64(index), 10)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	d = append(append(d, 0), item...)
	in.Scratch = d
	return d[start:len(d):len(d)]
}

// TagKey tells a page's events without an id and a time apart: by client address and agent, the request's query, the
// event's place in the request and its bytes, and the minute of arrival.
func TagKey(in *receive.Input, item []byte, index int) []byte {
	start := len(in.Scratch)
	d := in.Scratch
	if in.Client.IsValid() {
		d = in.Client.AppendTo(d)
	}
	d = append(append(d, 0), in.Request.UserAgent()...)
	d = append(append(d, 0), in.Request.URL.RawQuery...)
	d = strconv.AppendInt(append(d, 0), int64(index), 10)
	d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	d = append(append(d, 0), item...)
	in.Scratch = d
	return d[start:len(d):len(d)]
}
