package google

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// Hit is what must be seen together of one event that a tag sends (Google calls it a hit).
type Hit struct {
	Name, Storage, Signals []byte
	stored                 privacy.Statement
	settled                bool // contents are the list that was said for Meta: items no longer count
	order                  order
}

// Field reads one field of the query or of a line of the body. A line's are read last, and count where both say something.
func (h *Hit) Field(o *mapping.Output, key, value []byte) {
	value = o.FirstElement(value)
	switch string(key) {
	case FieldName:
		h.Name = value
	case "cu":
		o.SetText(&o.Event.Custom.Currency, mapping.FieldCurrency, value)
	case "dl":
		o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, value)
	case "dr":
		o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, value)
	case FieldClient:
		o.People.GAClient = o.Text(value)
	case FieldUser:
		o.People.User = o.Text(value)
	case "em": // of enhanced conversions
		o.AddUserValue(identity.Em, value)
	default:
		if h.Consent(key, value) {
			break
		}
		if rest, ok := bytes.CutPrefix(key, []byte(FieldParam)); ok {
			h.Param(o, rest, value, false)
		} else if rest, ok := bytes.CutPrefix(key, []byte(FieldNumber)); ok {
			h.Param(o, rest, value, false)
		} else if rest, ok := cutUser(key); ok { // a property of the user's
			o.ReadWish(rest, value)
		} else {
			o.ReadPermission(key, value)
		}
	}
}

// cutUser cuts what stands before the name of a user's property.
func cutUser(key []byte) ([]byte, bool) {
	if rest, ok := bytes.CutPrefix(key, []byte("up.")); ok {
		return rest, true
	}
	return bytes.CutPrefix(key, []byte("upn."))
}
