package serverevent

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Identify reads an event in the shape of Meta's server events: event_id, event_name, event_time, user_data (our
// collector says user, offline events match_keys) and custom_data.order_id (offline events have it beside).
func Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var name, when, user, custom, number, order, line []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "event_id":
			id.EventID = in.EventID(value)
		case "event_name":
			name = value
		case "event_time":
			when = value
		case "user_data", "user", "match_keys":
			user = value
		case "order_id":
			order = value
		case "item_number":
			line = value
		case "custom_data":
			custom = value
		case "wa_id": // of a business event: whoever wrote under it is the same person
			number = value
		}
		return true
	})
	custom = in.Embedded(custom)
	id.HasTime = receive.IsGiven(when)
	id.Person = receive.FirstOf(in.ID(number), in.Person(user))
	label := receive.FirstOf(jsonscan.Text(name, &in.Scratch), in.FirstText(name))
	if id.EventID == nil {
		id.Natural = in.OrderKey(label, orBeside(jsonscan.Get(custom, "order_id"), order))
		line = orBeside(jsonscan.Get(custom, "item_number"), line)
		if number := receive.FirstOf(in.ID(line), in.FirstText(line)); id.Natural != nil && len(number) > 0 {
			id.Natural = append(append(id.Natural, 0), number...) // one line of the order
		}
	}
	return in.Hopeless(id, name, label, when)
}

// orBeside is what custom data says, else what an offline event says beside it.
func orBeside(custom, beside []byte) []byte {
	if receive.IsGiven(custom) {
		return custom
	}
	return beside
}
