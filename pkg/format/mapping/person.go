package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// browserFact says whether a match key is of the browser: a browser's own request says it better than the request's body.
func browserFact(k identity.Key) bool {
	switch k {
	case identity.ClientIPAddress, identity.ClientUserAgent, identity.Fbp, identity.Fbc:
		return true
	default:
		return false
	}
}

// AddUserValues adds the values of a match key: one or a list, also as JSON in a text, or as PHP writes a list with gaps.
func (o *Output) AddUserValues(k identity.Key, value []byte) { o.addValues(k, identity.Auto, value) }

func (o *Output) addValues(k identity.Key, f identity.Form, value []byte) {
	if len(value) > 2 && value[0] == '"' && !mayEmbed(value) { // almost all are so
		o.addText(k, f, o.Text(value), "")
		return
	}
	o.addValue(k, f, o.embeddedJSON(value), "")
}

// AddUserValue adds the value of a match key, of a list each; what is neither a string nor a number is dropped by name.
func (o *Output) AddUserValue(k identity.Key, value []byte) {
	if len(value) > 0 && value[0] == '"' && k != identity.Em {
		o.Event.User.Add(k, identity.Auto, o.Text(value))
		return
	}
	o.addValue(k, identity.Auto, value, "")
}

// addValue is AddUserValue for a value of a place in a country, "" if it is not known.
func (o *Output) addValue(k identity.Key, f identity.Form, value []byte, country string) {
	switch t := o.IDText(value); {
	case t == nil && isList(value):
		o.eachElement(value, func(v []byte) { o.addValue(k, f, v, country) })
	case t == nil && !IsEmpty(value):
		o.Drop(k.String(), Malformed)
	default:
		o.addText(k, f, t, country)
	}
}

func (o *Output) addText(k identity.Key, f identity.Form, text []byte, country string) {
	switch {
	case k == identity.Em && isTagUser(text):
		o.ReadTagUser(text)
	case country == "":
		o.Event.User.Add(k, f, text)
	default:
		o.Event.User.AddFrom(k, f, text, country)
	}
}

// ReadPersonID reads a member that is the sender's own id of the person, which becomes an external_id; false: it is none.
func (o *Output) ReadPersonID(key, value []byte) bool {
	var dst *[]byte
	switch string(key) {
	case "membership_number", "membership_id", "member_id", "memberId", "loyalty_id", "loyaltyId":
		dst = &o.People.Membership
	case "user_id", "userId", "customer_id", "customerId":
		dst = &o.People.User
	case "ga_client_id", "client_id", "clientId":
		dst = &o.People.GAClient
	default:
		return false
	}
	if t := o.IDText(value); t != nil {
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
