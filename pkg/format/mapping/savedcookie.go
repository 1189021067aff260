package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What a shop keeps of the visitor's browser with an order: Meta's cookies, and the page on which the visitor came.

// Named goes through a list of objects that have a name, in the member of that name, and a value.
func (o *Output) Named(list []byte, name string, take func(name, value []byte)) {
	if jsonscan.Kind(list) != 'a' {
		return
	}
	o.Index.Array(list, func(v []byte) bool {
		if jsonscan.Kind(v) == 'o' {
			take(o.Text(jsonscan.Get(v, name)), jsonscan.Get(v, "value"))
		}
		return true
	})
}

// SavedCookie takes Meta's cookies, which shops keep as _fbp and _fbc; fbc: it was one.
func (o *Output) SavedCookie(name, value []byte) (fbc bool) {
	switch string(name) {
	case "_fbp", "fbp":
		o.UserValue(identity.Fbp, value)
	case "_fbc", "fbc":
		if fbc = identity.IsClick(Trim(o.Text(value))); fbc {
			o.UserValue(identity.Fbc, value)
		} else if !IsEmpty(value) { // "undefined"
			o.Drop(identity.Fbc.String(), Malformed)
		}
	}
	return fbc
}

// Click makes an fbc of the fbclid of the page on which the visitor came, at the time when the sender says it was seen,
// else the event's.
func (o *Output) Click(page, seen []byte) {
	fbclid := identity.FbclidOf(page)
	if fbclid == nil {
		return
	}
	ms := o.Event.Time * 1000
	if at, err := time.Parse(time.RFC3339, string(o.Text(seen))); err == nil {
		ms = at.UnixMilli()
	}
	mark := o.Mark()
	o.Scratch = identity.AppendFbcOf(o.Scratch, page, fbclid, ms)
	o.Event.User.Add(identity.Fbc, identity.Auto, o.Since(mark))
}
