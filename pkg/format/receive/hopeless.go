package receive

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/timestamp"
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

// ReadableTime says whether a value is a time by the reader that the mappers have: what is let in here, they read. Whether it is
// a good one, the normalizer says.
func ReadableTime(value []byte, scratch *[]byte) bool {
	switch jsonscan.Kind(value) {
	case 's', 'n':
		_, ok := timestamp.Read(jsonscan.Text(value, scratch), nil)
		return ok
	}
	return false
}
