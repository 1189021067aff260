package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadUser reads user_data: each match key by its name or an alias, one value or a list. facts says whether the sender may
// speak for the visitor's browser (client_ip_address, client_user_agent, fbp, fbc): a browser may not.
func (o *Output) ReadUser(obj []byte, field string, facts bool) error {
	if IsEmpty(obj) { // [] is how PHP writes an empty object
		return nil
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.ReadUserMember(key, value, facts)
		return true
	})
	if !ok {
		return fault.New(fault.InvalidField, field)
	}
	return nil
}

// ReadUserMember reads one member of user_data; what is neither a match key nor an id of the person is dropped by name.
func (o *Output) ReadUserMember(key, value []byte, facts bool) {
	k, ok := identity.KeyOf(key)
	switch {
	case ok && (facts || !browserFact(k)):
		o.AddUserValues(k, value)
	case ok: // a browser speaks of itself by its request only
	case o.ReadPersonID(key, value):
	case IsEmpty(value):
	default:
		o.Drop(FieldUser, Unknown)
	}
}

// browserFact says whether a match key is of the browser: a browser's own request says it better than the request's body.
func browserFact(k identity.Key) bool {
	switch k {
	case identity.ClientIPAddress, identity.ClientUserAgent, identity.Fbp, identity.Fbc:
		return true
	default:
		return false
	}
}

// AddUserValues adds the values of a match key, one or a list.
func (o *Output) AddUserValues(k identity.Key, value []byte) {
	if jsonscan.Kind(value) == 'a' {
		o.Index.Array(value, func(v []byte) bool {
			o.AddUserValue(k, v)
			return true
		})
		return
	}
	o.AddUserValue(k, value)
}

// AddUserValue adds one value of a match key; what is neither a string nor a number is dropped by name.
func (o *Output) AddUserValue(k identity.Key, value []byte) {
	if t := o.Text(value); t != nil {
		o.Event.User.Add(k, identity.Auto, t)
	} else if !IsEmpty(value) {
		o.Drop(k.String(), Malformed)
	}
}

// ReadPersonID reads a member that is the sender's own id of the person, which becomes an external_id; false: it is none.
func (o *Output) ReadPersonID(key, value []byte) bool {
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

// AddFullName adds the first and the last name of a full name that can be taken apart.
func (o *Output) AddFullName(full []byte) {
	if first, last, ok := identity.SplitFullName(full); ok {
		o.Event.User.Add(identity.Fn, identity.Auto, first)
		o.Event.User.Add(identity.Ln, identity.Auto, last)
	}
}
