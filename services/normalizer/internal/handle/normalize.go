package handle

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// normalize makes the person's values what Meta matches by: normalized and hashed, bad ones left out.
func (h *Handler) normalize(s *Scratch) {
	s.step = "normalize"
	c := h.personContext(s)
	s.hashed.Fill(&s.out.Event.User, &c, func(k identity.Key, d identity.Drop) {
		s.drop(k.String(), d.String())
	})
}

// personContext says how the values of an event's person are read.
func (h *Handler) personContext(s *Scratch) identity.Context {
	return identity.Context{
		Country:        ownCountry(&s.out.Event),
		DefaultCountry: s.src.country,
		Now:            h.now(),
	}
}

// ownCountry is the country the event itself names, "" if none or hashed: it says how phones, states and zips are read.
func ownCountry(e *capi.Event) string {
	for i := range e.User.Values {
		v := &e.User.Values[i]
		if v.Key == identity.Country && v.Form != identity.DeclaredHashed {
			if code := identity.CountryCode(v.Text); code != "" {
				return code
			}
		}
	}
	return ""
}
