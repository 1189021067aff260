package handle

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Revealed is a value of a person's in clear beside the hash that stands in its place. It is personal data: for the screen of
// whoever has the sender's file before them, never for a log.
type Revealed struct {
	Key   identity.Key
	Clear string // normalized
	Hash  string
}

// Reveal returns what was hashed of the event whose signal Handle has just made, in the order of its values. Values that came
// hashed are not among them. The service never calls it.
func (h *Handler) Reveal(s *Scratch) []Revealed {
	event := h.personContext(s)
	var all []Revealed
	for _, v := range s.out.Event.User.Values {
		if !v.Key.Hashed() {
			continue
		}
		c := event
		if v.Country[0] != 0 {
			c.Country = identity.CountryCode(v.Country[:])
		}
		hash, drop := identity.Append(nil, v.Key, v.Text, v.Form, &c)
		if drop != identity.Kept || !bytes.Contains(s.Signal.Value, hash) {
			continue
		}
		plain, drop := identity.AppendNormalized(nil, v.Key, v.Text, v.Form, &c)
		if drop != identity.Kept || bytes.Equal(plain, hash) {
			continue
		}
		one := Revealed{Key: v.Key, Clear: string(plain), Hash: string(hash)}
		known := false
		for _, other := range all {
			known = known || other == one
		}
		if !known {
			all = append(all, one)
		}
	}
	return all
}
