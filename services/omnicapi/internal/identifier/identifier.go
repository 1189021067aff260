// Package identifier makes suppressions of what an operator types or has in a file: each identifier is normalized and hashed at once, by the
// rules of events. The command suppress uses it. It refuses to keep, print or quote a clear value.
package identifier

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Kind is what an identifier is.
type Kind int

// The kinds, in the order of event.SuppressionKinds.
const (
	Email Kind = iota
	Phone
	ExternalID
)

// Kinds are their names, as flags and columns have them.
var Kinds = []string{"email", "phone", "external_id"}

func (k Kind) String() string { return Kinds[k] }

var keys = [...]identity.Key{Email: identity.Em, Phone: identity.Ph, ExternalID: identity.ExternalID}

// errNoCountry: read wrongly, a number would hash to somebody else, and nobody would notice.
var errNoCountry = errors.New("a phone number without + or 00 needs its country (--country)")

// Of returns the suppression of an identifier: in clear, or the SHA-256 that Meta has of it as 64 hex digits. country says how a phone
// number is read that does not say it itself. The error never quotes the value.
func Of(k Kind, text []byte, country string) (event.Suppression, error) {
	s := event.Suppression{Kind: event.SuppressionKinds[k]}
	text = bytes.TrimSpace(text)
	if k == Phone && country == "" && len(text) != hashDigits && !bytes.HasPrefix(text, []byte("+")) && !bytes.HasPrefix(text, []byte("00")) {
		return s, errNoCountry
	}
	hash, drop := identity.Append(nil, keys[k], text, identity.Auto, &identity.Context{DefaultCountry: country})
	if drop != identity.Kept {
		return s, fmt.Errorf("no %s that an event could carry: %s", k, drop)
	}
	return s, decode(&s, hash)
}
