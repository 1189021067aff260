package channel

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// persons are the members that say who an event is about, best first. The first one found makes the partition key.
var persons = []string{
	"external_id", "extern_id", "em", "email", "ph", "phone", "lead_id", "wa_id", "ctwa_clid", "page_scoped_user_id", "ig_sid", "madid", "anon_id",
	"fbp", "fbc",
}

func rank(key []byte) int {
	for i, p := range persons {
		if string(key) == p {
			return i
		}
	}
	return len(persons)
}

// identifyEvent reads an event in the shape of Meta's server events: event_id, event_name, event_time, user_data (our
// collector says user, offline events match_keys) and custom_data.order_id (offline events have it beside).
func identifyEvent(in *Input, item []byte, id *Ident) fault.Reason {
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var name, when, user, custom, number, order, line []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "event_id":
			if own := jsonscan.Text(value, &in.text); usableID(own) {
				id.EventID = own
			}
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
	id.HasTime = given(when)
	if id.Person = some(in.first(number)); id.Person == nil {
		id.Person = in.person(user)
	}
	label := jsonscan.Text(name, &in.text)
	if id.EventID == nil {
		id.Natural = in.natural(label, either(jsonscan.Get(custom, "order_id"), order))
		if number := in.first(either(jsonscan.Get(custom, "item_number"), line)); id.Natural != nil && len(number) > 0 {
			id.Natural = append(append(id.Natural, 0), number...) // one line of the order
		}
	}
	return in.hopeless(id, name, label, when)
}

// either is the first value that is given.
func either(a, b []byte) []byte {
	if given(a) {
		return a
	}
	return b
}

// hopeless says what no mapper could repair.
func (in *Input) hopeless(id *Ident, name, label, when []byte) fault.Reason {
	switch {
	case name == nil || jsonscan.Kind(name) == 'z' || jsonscan.Kind(name) == 's' && len(bytes.TrimSpace(label)) == 0:
		id.Field = "event_name"
		return fault.MissingField
	case jsonscan.Kind(name) != 's':
		id.Field = "event_name"
		return fault.InvalidField
	case id.HasTime && !readableTime(when, &in.text):
		id.Field = "event_time"
		return fault.InvalidField
	}
	return fault.None
}

// readableTime says whether a value can be a time: a number, a text of digits, or a text that starts with a date. What
// time it is, and whether it is a good one, the normalizer says.
func readableTime(value []byte, scratch *[]byte) bool {
	switch jsonscan.Kind(value) {
	case 'n':
		return true
	case 's':
		t := bytes.TrimSpace(jsonscan.Text(value, scratch))
		return len(t) > 0 && (digitsOnly(t) || startsWithDate(t))
	}
	return false
}

func digitsOnly(t []byte) bool {
	for i, c := range t {
		if (c < '0' || c > '9') && (c != '.' || i == 0 || i == len(t)-1) {
			return false
		}
	}
	return true
}

// startsWithDate recognizes a text that begins like 2026-11-23.
func startsWithDate(t []byte) bool {
	if len(t) < len("2026-11-23") {
		return false
	}
	for i, c := range t[:len("2026-11-23")] {
		if dash := i == 4 || i == 7; dash != (c == '-') || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// person is the best id of a person in user, the first one where it is a list.
func (n *naming) person(user []byte) []byte {
	best, found := len(persons), []byte(nil)
	jsonscan.Object(user, func(key, value []byte) bool {
		r := rank(jsonscan.Key(key, &n.text))
		if r >= best {
			return true
		}
		if text := n.first(value); len(text) > 0 {
			best, found = r, text
		}
		return true
	})
	return found
}

// first is a value's text, or that of a list's first element; trimmed.
func (n *naming) first(value []byte) []byte {
	var text []byte
	if jsonscan.Array(value, func(v []byte) bool { text = jsonscan.Text(v, &n.text); return false }) {
		return bytes.TrimSpace(text)
	}
	return bytes.TrimSpace(jsonscan.Text(value, &n.text))
}

// natural is order id and event name, nil without an order.
func (n *naming) natural(name, order []byte) []byte {
	text := bytes.TrimSpace(jsonscan.Text(order, &n.text))
	if len(text) == 0 || string(text) == "0" || len(name) == 0 { // 0 is how some shops say that there is none
		return nil
	}
	start := len(n.text)
	n.text = append(append(append(n.text, text...), 0), name...)
	return n.text[start:len(n.text):len(n.text)]
}

// cookie is the person of a page's event that names none: the browser's own id.
func cookie(r *http.Request) []byte {
	if r == nil {
		return nil
	}
	c, err := r.Cookie("_fbp")
	if err != nil || c.Value == "" {
		return nil
	}
	return []byte(c.Value)
}
