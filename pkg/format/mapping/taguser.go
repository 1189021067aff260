package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// tagVersion begins a person's digests as Google's tag writes them.
var tagVersion = []byte("tv.1")

// isTagUser says whether a text is a person's digests as Google's tag writes them.
func isTagUser(text []byte) bool {
	return len(text) > len(tagVersion) && text[0] == 't' && bytes.HasPrefix(text, tagVersion[:3]) && bytes.IndexByte(text, '~') > 0
}

// ReadTagUser reads a person as Google's tag writes one for enhanced conversions: tv.1~em.<digest>~fn0.<digest>~co0.NO. Fields
// are joined by ~, each a name and a value with a dot between; digests are SHA-256 in base64url or hex, the place is in clear.
// A name of an address ends with the address's number: the first counts. e1, e23 for a value is an error of the tag's.
func (o *Output) ReadTagUser(text []byte) {
	version, rest, _ := bytes.Cut(text, []byte{'~'})
	if !bytes.Equal(version, tagVersion) {
		o.Drop(FieldUser, Malformed)
		return
	}
	for len(rest) > 0 {
		var field []byte
		field, rest, _ = bytes.Cut(rest, []byte{'~'})
		name, value, _ := bytes.Cut(field, []byte{'.'})
		if len(value) > 0 {
			o.tagField(name, value)
		}
	}
}

func (o *Output) tagField(name, value []byte) {
	switch string(name) {
	case "ec": // the tag's own errors
	case "em":
		o.tagValue(identity.Em, identity.DeclaredHashed, value)
	case "pn": // of the phone with its plus: Meta's digest is another
		o.Drop(identity.Ph.String(), Malformed)
	case "fn0":
		o.tagValue(identity.Fn, identity.DeclaredHashed, value)
	case "ln0":
		o.tagValue(identity.Ln, identity.DeclaredHashed, value)
	case "ct0":
		o.tagValue(identity.Ct, identity.Auto, value)
	case "rg0":
		o.tagValue(identity.St, identity.Auto, value)
	case "pc0":
		o.tagValue(identity.Zp, identity.Auto, value)
	case "co0":
		o.tagValue(identity.Country, identity.Auto, value)
	default: // a street, a further address
		o.Drop(FieldUser, Unknown)
	}
}

func (o *Output) tagValue(k identity.Key, f identity.Form, value []byte) {
	if len(value) <= 3 && value[0] == 'e' && len(value) > 1 && Digits(value[1:]) == len(value)-1 {
		o.Drop(k.String(), Malformed)
		return
	}
	o.Event.User.Add(k, f, value)
}
