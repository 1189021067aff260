package google

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Hit is what must be seen together of one event that a tag sends (Google calls it a hit).
type Hit struct {
	Name, Storage, Signals []byte
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
	case "gcs":
		h.Storage = value
	case "gcd":
		h.Signals = value
	default:
		if rest, ok := bytes.CutPrefix(key, []byte(FieldParam)); ok {
			h.Param(o, rest, value, false)
		} else if rest, ok := bytes.CutPrefix(key, []byte(FieldNumber)); ok {
			h.Param(o, rest, value, false)
		}
	}
}

// Consent reads Google's consent mode: the third letter of gcd is ad_user_data (l: not set; p, q, m, u: denied; n, r, t,
// v: granted). Where that is not set, or there is no gcd, the first digit of gcs after G1 is ad_storage.
func (h *Hit) Consent(o *mapping.Output) []byte {
	letters := 0
	for _, c := range o.Text(h.Signals) {
		if c < 'a' || c > 'z' {
			continue
		}
		if letters++; letters < 3 {
			continue
		}
		switch c {
		case 'p', 'q', 'm', 'u':
			return mapping.Denied
		case 'n', 'r', 't', 'v':
			return mapping.Granted
		}
		break
	}
	if s := o.Text(h.Storage); len(s) >= 3 && s[0] == 'G' {
		switch s[2] {
		case '0':
			return mapping.Denied
		case '1':
			return mapping.Granted
		}
	}
	return nil
}
