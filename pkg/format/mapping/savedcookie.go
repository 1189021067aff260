package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What a shop keeps of the visitor's browser with an order: Meta's cookies, and the page on which the visitor came.

// EachNamed calls take for each object {NAME: …, "value": …} of a list; name is the member that holds the name.
func (o *Output) EachNamed(list []byte, name string, take func(name, value []byte)) {
	o.Elements(list, func(v []byte) {
		if jsonscan.Kind(v) == 'o' {
			take(o.Text(o.Index.Get(v, name)), o.Index.Get(v, "value"))
		}
	})
}

// AddSavedCookie adds a cookie of Meta's that a shop has kept, by its name with or without the first _; fbc: it was a good
// _fbc.
func (o *Output) AddSavedCookie(name, value []byte) (fbc bool) {
	switch string(name) {
	case "_fbp", "fbp":
		o.AddUserValue(identity.Fbp, value)
	case "_fbc", "fbc":
		if fbc = identity.IsClick(Trim(o.Text(value))); fbc {
			o.AddUserValue(identity.Fbc, value)
		} else if !IsEmpty(value) { // "undefined"
			o.Drop(identity.Fbc.String(), Malformed)
		}
	}
	return fbc
}

// AddClick makes an fbc of the fbclid in the address of the page on which the visitor came, with the time at which the sender
// says the page was seen, else the event's.
func (o *Output) AddClick(page, seen []byte) {
	fbclid := identity.FbclidOf(page)
	if fbclid == nil {
		return
	}
	ms := o.Event.Time * 1000
	if at, ok := o.InstantOf(nil, seen); ok {
		ms = at.UnixMilli()
	}
	mark := o.Mark()
	o.Scratch = identity.AppendFbcOf(o.Scratch, page, fbclid, ms)
	o.Event.User.Add(identity.Fbc, identity.Auto, o.Since(mark))
}
