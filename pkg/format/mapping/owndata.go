package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// ReadOwnData reads what a program of the sender's sends beside an event as it is (custom data, callback parameters, an event's
// own values), an object or JSON in a text: members that are called like a match key or an id of the person count. Others are
// the sender's own.
func (o *Output) ReadOwnData(obj []byte) {
	o.Index.Object(o.Embedded(obj), func(key, value []byte) bool {
		if !IsEmpty(value) {
			o.ReadOwnMember(key, value)
		}
		return true
	})
}

// ReadOwnMember reads one member of such data; false: it says nothing of the person. A place is not taken for the person's: a
// city may be where somebody travels to, a state an order's.
func (o *Output) ReadOwnMember(key, value []byte) bool {
	key = o.Key(key)
	switch string(key) {
	case "user_id", "userId", "customer_id", "customerId", "customer_user_id", "external_device_id", "developer_identity":
		o.AddUserValues(identity.ExternalID, value)
		return true
	}
	switch k, ok := identity.KeyOf(key); {
	case !ok, k == identity.Ct, k == identity.St, k == identity.Zp, k == identity.Country:
		return false
	case k.List(), k == identity.Fbc, k == identity.Fbp:
		o.AddUserValues(k, value)
		return true
	}
	return false
}
