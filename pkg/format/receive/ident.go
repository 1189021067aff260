package receive

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// MaxEventID is the longest event_id, in bytes.
const MaxEventID = 256

// UsableID is a sender's id if it can be the event_id, else nil: Meta and the pixel compare it byte for byte. A program's
// word for nothing is none: the sales of all who send it would be one.
func UsableID(id []byte) []byte {
	if len(id) > MaxEventID || nothing.IsID(id) {
		return nil
	}
	return id
}

// EventID is a value's text, of a list its first, if it can be the event_id, else nil. A JSON number is spelled as a pixel's
// script spells it (1001.0 is 1001); a text stays byte for byte.
func (in *Input) EventID(value []byte) []byte {
	jsonscan.Array(value, func(v []byte) bool { value = v; return false })
	text := jsonscan.Text(value, &in.Scratch)
	if jsonscan.Kind(value) == 'n' {
		if whole := in.whole(text, number.AppendNumber); whole != nil {
			text = whole
		}
	}
	return UsableID(text)
}

// ID is FirstText for what identifies a person, an order or a thing: nil, too, for a program's word for nothing, and
// numbers spelled as the whole numbers that they are; nil if digits of one were lost.
func (in *Input) ID(value []byte) []byte {
	text := in.FirstText(value)
	if jsonscan.Kind(value) == 'n' {
		text = in.whole(text, number.AppendNumber)
	}
	return in.IDOf(text)
}

// IDOf is ID for a text that is no JSON value.
func (in *Input) IDOf(text []byte) []byte {
	if text = bytes.TrimSpace(text); !number.IsIdentifier(text) {
		text = in.whole(text, number.AppendIdentifier)
	}
	if nothing.IsID(text) {
		return nil
	}
	return text
}

// whole spells a number by append; nil if digits of it were lost.
func (in *Input) whole(text []byte, spell func(dst, text []byte) ([]byte, bool)) []byte {
	start := len(in.Scratch)
	out, ok := spell(in.Scratch, text)
	if !ok {
		return nil
	}
	in.Scratch = out
	return out[start:len(out):len(out)]
}

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
		if text := in.ID(value); len(text) > 0 {
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
	if err != nil || nothing.IsID([]byte(c.Value)) {
		return nil
	}
	return []byte(c.Value)
}
