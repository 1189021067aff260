package receive

import (
	"bytes"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Persons are the members that say who an event is about, best first. The first one found makes the partition key.
var Persons = []string{
	"external_id", "extern_id", "em", "email", "ph", "phone", "lead_id", "wa_id", "ctwa_clid", "page_scoped_user_id", "ig_sid", "madid", "anon_id",
	"fbp", "fbc",
}

func Rank(key []byte) int {
	for i, p := range Persons {
		if string(key) == p {
			return i
		}
	}
	return len(Persons)
}

// Person is the best id of a person in user, the first one where it is a list.
func (n *naming) Person(user []byte) []byte {
	best, found := len(Persons), []byte(nil)
	jsonscan.Object(user, func(key, value []byte) bool {
		r := Rank(jsonscan.Key(key, &n.Scratch))
		if r >= best {
			return true
		}
		if text := n.FirstText(value); len(text) > 0 {
			best, found = r, text
		}
		return true
	})
	return found
}

// FirstText is a value's text, or that of a list's first element; trimmed.
func (n *naming) FirstText(value []byte) []byte {
	var text []byte
	if jsonscan.Array(value, func(v []byte) bool { text = jsonscan.Text(v, &n.Scratch); return false }) {
		return bytes.TrimSpace(text)
	}
	return bytes.TrimSpace(jsonscan.Text(value, &n.Scratch))
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
