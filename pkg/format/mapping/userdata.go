package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// ReadUser reads user_data in the ways in which senders spell it: match keys by their names or aliases, each one value or a
// list, beside an address or in it; as an object, as JSON in a text, or in a list, of which the first counts. What user_data
// says itself goes before what its address says. facts says whether the sender may speak for the visitor's browser
// (client_ip_address, client_user_agent, fbp, fbc): a browser may not. What cannot be read is dropped by name.
func (o *Output) ReadUser(obj []byte, facts bool) {
	if !o.readUser(obj, facts, false) {
		o.Drop(FieldUser, Malformed)
	}
}

// ReadCustomer is ReadUser for a person whose id is the sender's own of a customer; false: it is no person.
func (o *Output) ReadCustomer(obj []byte, facts bool) bool { return o.readUser(obj, facts, true) }

func (o *Output) readUser(obj []byte, facts, customer bool) bool {
	said := !IsEmpty(obj)
	if obj = o.firstObject(o.embeddedJSON(obj)); customer && said && obj == nil { // a list of no people
		return false
	}
	if IsEmpty(obj) || jsonscan.Kind(obj) == 's' && nothing.Is(o.Text(obj)) { // [] is how PHP writes an empty object
		return true
	}
	from := len(o.Event.User.Values)
	var address []byte
	if !o.Index.Object(obj, func(key, value []byte) bool {
		if isAddress(key) && !IsEmpty(value) {
			if address != nil {
				o.Drop(FieldUser, Unknown)
				return true
			}
			address = value
			return true
		}
		if customer && string(key) == "id" {
			key = customerID
		}
		o.ReadUserMember(key, value, facts)
		return true
	}) {
		return false
	}
	o.readAddress(address, from, facts)
	return true
}

var customerID = []byte("customer_id")

// ReadUserMember reads one member of user_data by its name or its path (address.0.city, address[city], em.0); what is neither
// a match key nor an id of the person is dropped by name.
func (o *Output) ReadUserMember(key, value []byte, facts bool) {
	k, form, ok := UserKey(key)
	switch {
	case ok && !facts && browserFact(k): // a browser speaks of itself by its request only
	case ok && form == identity.DeclaredHashed && k == identity.Ph && !IsEmpty(value):
		o.Drop(identity.Ph.String(), Malformed) // Google's digest of a phone is of it with its plus: Meta's is another
	case ok:
		o.addValues(k, form, value)
	case o.ReadPersonID(key, value), o.ReadWish(key, value), IsEmpty(value):
	case isAddress(key):
		o.readAddress(value, len(o.Event.User.Values), facts)
	case bytes.ContainsAny(key, ".[]"):
		o.readUserPath(key, value, facts)
	default:
		o.Drop(FieldUser, Unknown)
	}
}

// ReadUserPath reads a member of an event whose name is a path into user_data (user_data.address.0.city, user_data[em]); false:
// it is none.
func (o *Output) ReadUserPath(key, value []byte, facts bool) bool {
	for _, of := range [...]string{"user_data", "userData", "user"} {
		if len(key) > len(of)+1 && string(key[:len(of)]) == of && (key[len(of)] == '.' || key[len(of)] == '[') {
			o.ReadUserMember(key[len(of)+1:], value, facts)
			return true
		}
	}
	return false
}

// readUserPath reads a member by its path. Of a list of people or addresses the first counts; a list of values counts whole.
func (o *Output) readUserPath(path, value []byte, facts bool) {
	var name []byte
	for len(path) > 0 {
		step := path
		if end := bytes.IndexAny(path, ".[]"); end >= 0 {
			step, path = path[:end], path[end+1:]
		} else {
			path = nil
		}
		switch {
		case len(step) == 0 || name == nil && isAddress(step):
		case Digits(step) == len(step) && (name != nil || string(step) == "0"):
		case Digits(step) == len(step) || name != nil:
			o.Drop(FieldUser, Unknown)
			return
		default:
			name = step
		}
	}
	if name == nil { // address.0 with an object behind it
		o.ReadUser(value, facts)
		return
	}
	o.ReadUserMember(name, value, facts)
}

// readAddress reads the first of one or several addresses of a person. What was said since from, by user_data itself, goes
// before it; and if that names another person, the address's name is not taken.
func (o *Output) readAddress(value []byte, from int, facts bool) {
	if IsEmpty(value) {
		return
	}
	if value = o.FirstAddress(value); IsEmpty(value) {
		return
	}
	n := len(o.Event.User.Values) - from
	another := o.namesAnother(value, from)
	if !o.Index.Object(value, func(key, v []byte) bool {
		k, _, ok := UserKey(key)
		if ok && (another && isName(k) || o.saidAmong(from, n, k) != nil) {
			return true
		}
		o.ReadUserMember(key, v, facts)
		return true
	}) {
		o.Drop(FieldUser, Unknown) // a postal address as one text
	}
}

// FirstAddress is the first of one or several addresses of a person that says something, also of JSON in a text.
func (o *Output) FirstAddress(value []byte) []byte { return o.firstObject(o.embeddedJSON(value)) }

// namesAnother says whether an address has another first or last name than what was said since from.
func (o *Output) namesAnother(address []byte, from int) (another bool) {
	n := len(o.Event.User.Values) - from
	if o.saidAmong(from, n, identity.Fn) == nil && o.saidAmong(from, n, identity.Ln) == nil {
		return false
	}
	o.Index.Object(address, func(key, value []byte) bool {
		k, _, ok := UserKey(key)
		if !ok || !isName(k) {
			return true
		}
		said, text := o.saidAmong(from, n, k), o.Text(value)
		another = said != nil && len(text) > 0 && !bytes.EqualFold(Trim(said), Trim(text))
		return !another
	})
	return another
}

func isName(k identity.Key) bool { return k == identity.Fn || k == identity.Ln }

// saidAmong is the text of a key among n values from an index on, nil if there is none.
func (o *Output) saidAmong(from, n int, k identity.Key) []byte {
	for _, v := range o.Event.User.Values[from : from+n] {
		if v.Key == k {
			return v.Text
		}
	}
	return nil
}

// isAddress says whether a member of user_data is the person's postal address. Where a parcel goes may be another's.
func isAddress(name []byte) bool {
	switch string(name) {
	case "address", "addresses", "home_address", "homeAddress", "billing_address", "billingAddress", "Address":
		return true
	}
	return false
}

// UserKey finds a match key by its name, also by one that says that its values are digests: sha256_email_address, email_hash.
func UserKey(name []byte) (k identity.Key, f identity.Form, ok bool) {
	if k, ok = identity.KeyOf(name); ok {
		return k, identity.Auto, true
	}
	const longest = 40
	var room [longest]byte
	if len(name) > longest || !maySayHash(name) {
		return 0, identity.Auto, false
	}
	plain := AppendLower(room[:0], name)
	for _, said := range [...]string{"sha256", "hashed"} {
		if rest, cut := bytes.CutPrefix(plain, []byte(said)); cut {
			k, ok = identity.KeyOf(rest)
			return k, identity.DeclaredHashed, ok
		}
	}
	for _, said := range [...]string{"sha256", "hashed", "hash"} {
		if rest, cut := bytes.CutSuffix(plain, []byte(said)); cut {
			k, ok = identity.KeyOf(rest)
			return k, identity.DeclaredHashed, ok
		}
	}
	return 0, identity.Auto, false
}

// maySayHash is the quick look at a name: whether it begins or ends as those do that say so.
func maySayHash(name []byte) bool {
	if len(name) == 0 {
		return false
	}
	switch name[0] | 0x20 {
	case 's', 'h':
		return true
	}
	switch name[len(name)-1] | 0x20 {
	case '6', 'd', 'h':
		return true
	}
	return false
}
