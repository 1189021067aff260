package receive

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// MaxEventID is the longest event_id, in bytes.
const MaxEventID = 256

// UsableID is a sender's id if it can be the event_id, else nil: Meta and the pixel compare it byte for byte.
func UsableID(id []byte) []byte {
	if len(id) > MaxEventID || len(bytes.TrimSpace(id)) == 0 {
		return nil
	}
	return id
}

// EventID is a value's text if it can be the event_id, else nil.
func (in *Input) EventID(value []byte) []byte { return UsableID(jsonscan.Text(value, &in.Scratch)) }

// IsPixelID says whether a member has the id that a page gives its event of Meta's pixel, by the name that Meta's tag for tag
// managers gives to it: it goes before any other id of the event.
func IsPixelID(name []byte) bool {
	return string(name) == "x-fb-event_id" || string(name) == "x-fb-event-id"
}

// FirstOf is the first text that is not empty, nil if there is none.
func FirstOf(texts ...[]byte) []byte {
	for _, t := range texts {
		if len(t) > 0 {
			return t
		}
	}
	return nil
}

// FirstText is a value's text, or that of a list's first element: trimmed, nil if there is none.
func (in *Input) FirstText(value []byte) []byte {
	var text []byte
	if jsonscan.Array(value, func(v []byte) bool { text = jsonscan.Text(v, &in.Scratch); return false }) {
		return bytes.TrimSpace(text)
	}
	return bytes.TrimSpace(jsonscan.Text(value, &in.Scratch))
}

// PersonKeys are the members that say who an event is about, best first. The first one found makes the partition key.
var PersonKeys = []string{
	"external_id", "extern_id", "em", "email", "ph", "phone", "lead_id", "wa_id", "ctwa_clid", "page_scoped_user_id", "ig_sid", "madid", "anon_id",
	"fbp", "fbc",
}

// PersonRank is a key's place in PersonKeys; their number, if it is none of them.
func PersonRank(key []byte) int {
	for i, p := range PersonKeys {
		if string(key) == p {
			return i
		}
	}
	return len(PersonKeys)
}

// Person is the best id of a person in user, an object of such members; nil if it has none.
func (in *Input) Person(user []byte) []byte {
	best, found := len(PersonKeys), []byte(nil)
	jsonscan.Object(user, func(key, value []byte) bool {
		r := PersonRank(jsonscan.Key(key, &in.Scratch))
		if r >= best {
			return true
		}
		if text := in.FirstText(value); len(text) > 0 {
			best, found = r, text
		}
		return true
	})
	return found
}

// BrowserID is the person of a page's event that names none: the browser's own id.
func BrowserID(r *http.Request) []byte {
	if r == nil {
		return nil
	}
	c, err := r.Cookie("_fbp")
	if err != nil || c.Value == "" {
		return nil
	}
	return []byte(c.Value)
}
