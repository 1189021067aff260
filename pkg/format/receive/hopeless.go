package receive

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Hopeless says what no mapper could repair: an event without a name, or with a time that is none. name and when are JSON,
// label is the name's text.
func (in *Input) Hopeless(id *Ident, name, label, when []byte) fault.Reason {
	switch {
	case !IsPresent(name) || jsonscan.Kind(name) == 's' && len(bytes.TrimSpace(label)) == 0:
		id.Field = "event_name"
		return fault.MissingField
	case jsonscan.Kind(name) != 's':
		id.Field = "event_name"
		return fault.InvalidField
	case id.HasTime && !ReadableTime(when, &in.Scratch):
		id.Field = "event_time"
		return fault.InvalidField
	}
	return fault.None
}

// ReadableTime says whether a value can be a time: a number, a text of digits, or a text that starts with a date. What
// time it is, and whether it is a good one, the normalizer says.
func ReadableTime(value []byte, scratch *[]byte) bool {
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
