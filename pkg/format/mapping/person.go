package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// User reads user_data: each match key by its name or an alias, one value or a list. facts says whether the sender may
// speak for the visitor's browser (client_ip_address, client_user_agent, fbp, fbc): a browser may not.
func (o *Output) User(obj []byte, field string, facts bool) error {
	if IsEmpty(obj) { // [] is how PHP writes an empty object
		return nil
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.UserMember(key, value, facts)
		return true
	})
	if !ok {
		return fault.New(fault.InvalidField, field)
	}
	return nil
}

func (o *Output) UserMember(key, value []byte, facts bool) {
	k, ok := identity.KeyOf(key)
	switch {
	case ok && (facts || !browserFact(k)):
		o.UserValues(k, value)
	case ok: // a browser speaks of itself by its request only
	case o.PersonID(key, value):
	case IsEmpty(value):
	default:
		o.Drop(FieldUser, Unknown)
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

func (o *Output) UserValues(k identity.Key, value []byte) {
	if jsonscan.Kind(value) == 'a' {
		o.Index.Array(value, func(v []byte) bool {
			o.UserValue(k, v)
			return true
		})
		return
	}
	o.UserValue(k, value)
}

func (o *Output) UserValue(k identity.Key, value []byte) {
	if t := o.Text(value); t != nil {
		o.Event.User.Add(k, identity.Auto, t)
	} else if !IsEmpty(value) {
		o.Drop(k.String(), Malformed)
	}
}

// PersonID takes the sender's own ids of the person, which enrich makes external_ids.
func (o *Output) PersonID(key, value []byte) bool {
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
	if t := o.Text(value); t != nil {
		*dst = t
	} else if !IsEmpty(value) {
		o.Drop(identity.ExternalID.String(), Malformed)
	}
	return true
}

// FullName adds the first and the last name of a full name that can be taken apart.
func (o *Output) FullName(full []byte) {
	if first, last, ok := identity.SplitFullName(full); ok {
		o.Event.User.Add(identity.Fn, identity.Auto, first)
		o.Event.User.Add(identity.Ln, identity.Auto, last)
	}
}
