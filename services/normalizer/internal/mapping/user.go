package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// user reads user_data: each match key by its name or an alias, one value or a list. facts says whether the sender may
// speak for the visitor's browser (client_ip_address, client_user_agent, fbp, fbc): a browser may not.
func (o *Output) user(obj []byte, field string, facts bool) error {
	if isEmpty(obj) { // [] is how PHP writes an empty object
		return nil
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.userMember(key, value, facts)
		return true
	})
	if !ok {
		return fault.New(fault.InvalidField, field)
	}
	return nil
}

func (o *Output) userMember(key, value []byte, facts bool) {
	k, ok := identity.KeyOf(key)
	switch {
	case ok && (facts || !browserFact(k)):
		o.userValues(k, value)
	case ok: // a browser speaks of itself by its request only
	case o.person(key, value):
	case isEmpty(value):
	default:
		o.drop(fieldUser, unknown)
	}
}

// browserFact says whether the request of a browser says it better than its body.
func browserFact(k identity.Key) bool {
	switch k {
	case identity.ClientIPAddress, identity.ClientUserAgent, identity.Fbp, identity.Fbc:
		return true
	default:
		return false
	}
}

func (o *Output) userValues(k identity.Key, value []byte) {
	if jsonscan.Kind(value) == 'a' {
		o.Index.Array(value, func(v []byte) bool {
			o.userValue(k, v)
			return true
		})
		return
	}
	o.userValue(k, value)
}

func (o *Output) userValue(k identity.Key, value []byte) {
	if t := o.text(value); t != nil {
		o.Event.User.Add(k, identity.Auto, t)
	} else if !isEmpty(value) {
		o.drop(k.String(), malformed)
	}
}

// person takes the sender's own ids of the person, which enrich makes external_ids.
func (o *Output) person(key, value []byte) bool {
	var dst *[]byte
	switch string(key) {
	case "membership_number", "membership_id", "member_id", "loyalty_id":
		dst = &o.People.Membership
	case "user_id", "customer_id":
		dst = &o.People.User
	case "ga_client_id", "client_id":
		dst = &o.People.GAClient
	default:
		return false
	}
	if t := o.text(value); t != nil {
		*dst = t
	} else if !isEmpty(value) {
		o.drop(identity.ExternalID.String(), malformed)
	}
	return true
}

// twoNames takes a full name apart where it is exactly two words: of any other nobody knows which is which.
func (o *Output) twoNames(full []byte) {
	first, last, two := bytes.Cut(bytes.TrimSpace(full), []byte{' '})
	if last = bytes.TrimSpace(last); !two || bytes.IndexByte(last, ' ') >= 0 {
		return
	}
	o.Event.User.Add(identity.Fn, identity.Auto, first)
	o.Event.User.Add(identity.Ln, identity.Auto, last)
}
