package cloudevents

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// attributes are what of an event says that it is one, and its data: raw JSON.
type attributes struct {
	version, id, source, kind, when, data, packed []byte

	wishes bool // an extension says how the event may be used
}

// readAttributes finds the attributes of a structured event; false: it is no object.
func readAttributes(index *jsonscan.Index, item []byte, scratch *[]byte) (a attributes, ok bool) {
	ok = index.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, scratch)) {
		case attrVersion:
			a.version = value
		case attrID:
			a.id = value
		case attrSource:
			a.source = value
		case attrType:
			a.kind = value
		case attrTime:
			a.when = value
		case attrData:
			a.data = value
		case attrDataBase64:
			a.packed = value
		default:
			a.wishes = a.wishes || privacy.IsWish(key)
		}
		return true
	})
	if jsonscan.Kind(a.data) == 's' { // packed once more, by a sender that knows texts only
		text := jsonscan.Trim(jsonscan.TrimMark(jsonscan.Text(a.data, scratch)))
		if jsonscan.Kind(text) == 'o' && jsonscan.Check(text, jsonscan.Limits{}) == nil {
			a.data = text
		}
	}
	return a, ok
}

// isMetas says whether the data is Meta's server event, which has an id and a time of its own.
func (a *attributes) isMetas() bool {
	return jsonscan.Kind(a.data) == 'o' &&
		(receive.IsGiven(jsonscan.Get(a.data, "event_name")) || receive.IsGiven(jsonscan.Get(a.data, "user_data")))
}

// wrong says which attribute keeps an item from being a CloudEvent 1.x, and why; a server event's own id and time stand in for
// the attributes.
func (a *attributes) wrong(scratch *[]byte) (field string, reason fault.Reason) {
	text := func(value []byte) []byte { return bytes.TrimSpace(jsonscan.Text(value, scratch)) }
	id := text(a.id)
	if len(id) == 0 && a.isMetas() {
		id = text(jsonscan.Get(a.data, "event_id"))
	}
	version := text(a.version)
	for _, required := range []struct {
		name  string
		value []byte
	}{{attrVersion, version}, {attrID, id}, {attrSource, text(a.source)}, {attrType, text(a.kind)}} {
		if len(required.value) == 0 {
			return required.name, fault.MissingField
		}
	}
	switch {
	case !bytes.HasPrefix(version, []byte("1.")):
		return attrVersion, fault.InvalidField
	case a.unreadableTime(scratch):
		return attrTime, fault.InvalidField
	}
	return "", fault.None
}

// unreadableTime says whether the event says when it happened, and neither its own time nor its data's can be read.
func (a *attributes) unreadableTime(scratch *[]byte) bool {
	var inside []byte
	if jsonscan.Kind(a.data) == 'o' {
		inside = jsonscan.Get(a.data, "event_time")
	}
	return (receive.IsGiven(a.when) || receive.IsGiven(inside)) &&
		!receive.ReadableTime(a.when, scratch) && !receive.ReadableTime(inside, scratch)
}
